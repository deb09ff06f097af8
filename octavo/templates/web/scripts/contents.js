{# The contents beside the text: open on wide screens.  The stylesheet shows them there in any case;
   with this file they are open, too, to what asks the element whether it is. #}
"use strict";

(() => {
  const contents = document.querySelector(".beside details");
  const wide = matchMedia("(min-width: 64rem)");
  const follow = () => {
    contents.open = wide.matches;
  };
  if (contents) {
    wide.addEventListener("change", follow);
    follow();
  }
})();
