// Sets large text and high contrast before the first paint (page/preferences.ts has the buttons), and marks that
// scripts run, so that warnings to those without them don't show.
import { applyPreferences } from "./page/preference_store.ts";

applyPreferences(document.documentElement);
document.documentElement.dataset["scripts"] = "";
