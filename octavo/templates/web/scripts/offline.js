{# The book without a network: sw.js keeps it from the first visit on.  Nothing is fetched before
   the document is there, nor for readers who save data. #}
"use strict";

if ("serviceWorker" in navigator && !navigator.connection?.saveData) {
  const worker = navigator.serviceWorker;
  {# A new edition that has been fetched takes over once this document has all that it needs. #}
  const takeOver = (registration) => registration.waiting?.postMessage("take over");
  addEventListener("load", async () => {
    try {
      const registration = await worker.register("sw.js", { updateViaCache: "none" });
      takeOver(registration);
      registration.addEventListener("updatefound", () => {
        registration.installing.addEventListener("statechange", () => takeOver(registration));
      });
    } catch {
      {# No worker for this address: then the book is read with a network. #}
    }
  });
}
