{# An address of a passage that has moved leads to it.  Without this file a link stands there. #}
"use strict";

(() => {
  const follow = () => {
    const found = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (found && found.matches(".moved p")) {
      location.replace(found.querySelector("a").href);
    }
  };
  addEventListener("hashchange", follow);
  follow();
})();
