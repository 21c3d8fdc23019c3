// Reads a JSON string a line; answers each with what X's own twitter-text makes of it, as JSON.
"use strict";

const readline = require("node:readline");
const twitter = require("twitter-text");

function read(text) {
  const entities = [
    ...twitter.extractUrlsWithIndices(text),
    ...twitter.extractMentionsOrListsWithIndices(text),
    ...twitter.extractHashtagsWithIndices(text, { checkUrlOverlap: false }),
  ];
  if (entities.length) twitter.removeOverlappingEntities(entities);
  return {
    length: twitter.parseTweet(text).weightedLength,
    links: entities.filter((entity) => entity.url).map((entity) => entity.url),
    mentions: entities.filter((entity) => entity.screenName && !entity.listSlug).map((entity) => entity.screenName),
    tags: entities.filter((entity) => entity.hashtag).map((entity) => entity.hashtag),
  };
}

readline.createInterface({ input: process.stdin, crlfDelay: Infinity }).on("line", (line) => {
  process.stdout.write(`${JSON.stringify(read(JSON.parse(line)))}\n`);
});
