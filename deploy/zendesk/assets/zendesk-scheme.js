/** Takes Zendesk's colour scheme from the address, before anything is drawn. */
document.documentElement.dataset.scheme =
  new URLSearchParams(location.search).get("colorScheme") === "dark" ? "dark" : "light";
