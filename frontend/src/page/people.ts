// The people of a sandbox city, whose certificates anyone may use there.
import { getJson } from "../net/problem.ts";

export interface Person {
  id: string;
  person_name: string;
  organization_name: string;
  role_name: string;
  systems: string[];
  bundle_url: string;
}

/** Return the people of `systemCode`, or everybody when the sandbox names nobody for that system. */
export async function readPeople(sandboxUrl: string, systemCode: string): Promise<Person[]> {
  const base = new URL(`${sandboxUrl.replace(/\/$/, "")}/`, window.location.href);
  const { people } = (await getJson(new URL("people", base).href)) as { people: Person[] };
  const here = people.filter((person) => person.systems.includes(systemCode));
  const shown = here.length > 0 ? here : people;
  return shown.map((person) => ({ ...person, bundle_url: new URL(person.bundle_url, base).href }));
}
