// Prints as JSON what Readium's parser (r2-shared-js, that of Thorium Reader) finds in an EPUB:
//     node read-epub.js BOOK.epub
"use strict";

const parser = require("r2-shared-js/dist/es8-es2017/src/parser/epub");
const converters = require("r2-shared-js/dist/es8-es2017/src/init-globals");
const { TaJsonSerialize } = require("r2-lcp-js/dist/es8-es2017/src/serializable");

converters.initGlobalConverters_SHARED();
converters.initGlobalConverters_GENERIC();

async function main(path) {
  const publication = await parser.EpubParsePromise(path);
  process.stdout.write(JSON.stringify(TaJsonSerialize(publication)));
  publication.freeDestroy();
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
