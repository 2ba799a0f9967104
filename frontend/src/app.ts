// What every page runs.  Pages can be read without it.
import htmx from "htmx.org";
import { startAmounts } from "./page/amounts.ts";
import { startCountdowns } from "./page/countdown.ts";
import { startDrafts } from "./page/drafts.ts";
import { startFilters } from "./page/filters.ts";
import { startForms } from "./page/forms.ts";
import { startLogout } from "./page/logout.ts";
import { startPreferences } from "./page/preferences.ts";
import { clockOfPage, followServer } from "./page/server_clock.ts";
import { csrfToken } from "./net/csrf.ts";

// The page's policy forbids inline style and eval; htmx must not try.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
document.addEventListener("htmx:configRequest", (event) => {
  (event as CustomEvent<{ headers: Record<string, string> }>).detail.headers["X-CSRFToken"] = csrfToken();
});

const clock = clockOfPage();
startPreferences();
startAmounts();
startForms();
startLogout();
startDrafts(clock);
startFilters();
startCountdowns(clock);
followServer(clock);
