/* Chooses the browser's time zone where none was chosen yet; everything works without it. */
"use strict";

for (const select of document.querySelectorAll("select[name=timezone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (select.value === "UTC" && [...select.options].some((option) => option.value === zone)) select.value = zone;
}
