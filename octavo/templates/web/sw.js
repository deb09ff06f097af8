{# The service worker of the web edition: keeps this build of the book, and answers from it.

   A build has a cache of its own, named by the digest of its files.  It is fetched whole before it is
   used, and only as its digests have it; so nobody sees one build's text in another's dress. #}
"use strict";

const PREFIX = `octavo ${registration.scope} `;
const CACHE = PREFIX + {{ version | tojson }};
const AT_ONCE = {{ at_once | tojson }};

addEventListener("install", (event) => {
  const fresh = Object.entries(AT_ONCE).map(([file, integrity]) =>
    new Request(file, { cache: "no-cache", integrity }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

addEventListener("message", (event) => {
  if (event.data === "take over") {
    skipWaiting();
  }
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
  })());
});

{# What is not kept from the start, such as the search's index, is kept once it has been used. #}
const answer = async (request) => {
  const cache = await caches.open(CACHE);
  const isDocument = request.mode === "navigate";
  const isFolder = isDocument && request.url.split("?")[0] === registration.scope;
  const wanted = isFolder ? "index.html" : request;
  const kept = await cache.match(wanted, { ignoreSearch: true }); {# A query asks for nothing else. #}
  if (kept) {
    return kept;
  }
  const got = await fetch(request);
  if (got.status === 200) {
    await cache.put(request, got.clone());
  }
  return got;
};

addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(registration.scope)) {
    event.respondWith(answer(event.request));
  }
});
