import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { complete } from "../../src/cli/console/complete.ts";
import { parseLine, quoteWord } from "../../src/cli/console/parse_line.ts";
import { findCommand } from "../../src/cli/console/run_line.ts";

describe("parseLine()", () => {
  const cases: [line: string, words: string[]][] = [
    ["", []],
    ["  \t ", []],
    ["list my", ["list", "my"]],
    ["  get  a.txt\tfrom 2 ", ["get", "a.txt", "from", "2"]],
    ['get "a b.txt"', ["get", "a b.txt"]],
    ["get 'it is \"here\"'", ["get", 'it is "here"']],
    ["get a\\ b\\\\c", ["get", "a b\\c"]],
    ['get "a\\"b\\c"', ["get", 'a"b\\c']],
    ['get ""', ["get", ""]],
    ['pre"fix "post', ["prefix post"]],
    ["get a\\", ["get", "a\\"]],
  ];
  for (const [line, words] of cases) {
    it(`splits ${JSON.stringify(line)}`, () => assert.deepEqual(parseLine(line), words));
  }

  it("refuses a quote that is not closed", () => {
    assert.throws(
      () => parseLine('get "a b'),
      /The quote in "a b is not closed; expected another "/,
    );
  });

  it("reads back what quoteWord() wrote", () => {
    for (const name of ["a", "a b", "it's", 'a"b', "a\\b", "", "報 告"]) {
      assert.deepEqual(parseLine(`get ${quoteWord(name)}`), ["get", name]);
    }
  });
});

describe("findCommand()", () => {
  const found = (line: string): string => {
    const { command, args } = findCommand(parseLine(line));
    return [command.name, ...args].join("|");
  };

  it("knows names of one and two words, aliases, and numbers alone", () => {
    assert.equal(found("LIST Net"), "list net");
    assert.equal(found("lm"), "list my");
    assert.equal(found("s a.txt"), "search|a.txt");
    assert.equal(found("2"), "get|2");
    assert.equal(found("? get"), "help|get");
  });

  it("suggests what was meant", () => {
    assert.throws(() => found("serch x"), /Unknown command "serch"; did you mean "search"\?/);
    assert.throws(() => found("lits net"), /Unknown command "lits"; did you mean "list net"\?/);
    assert.throws(() => found("list"), /"list" needs another word: list my or list net/);
    assert.throws(() => found("xyzzy"), /Unknown command "xyzzy"; "help" lists the commands/);
  });
});

describe("complete()", () => {
  const known = {
    peers: ["peer-1", "peer-2", "peer-10"],
    files: ["common.txt", "a b.txt", "a c.txt"],
  };
  const at = (line: string) => complete(line, known);

  it("completes commands, also of two words", () => {
    assert.deepEqual(at("se"), [["search "], "se"]);
    assert.deepEqual(at("li"), [["list my ", "list net ", "link "], "li"]);
    assert.deepEqual(at("list n"), [["list net "], "list n"]);
    assert.ok(at("")[0].length > 10);
  });

  it("completes peers by name and by number", () => {
    assert.deepEqual(at("use peer-1"), [["peer-1 ", "peer-10 "], "peer-1"]);
    assert.deepEqual(at("use t"), [["tracker "], "t"]);
    assert.deepEqual(at("use 1"), [["1 ", "10 "], "1"]);
    assert.deepEqual(at("crash tracker h"), [["hang ", "hold "], "h"]);
  });

  it("completes file names, with backslashes or within quotes", () => {
    assert.deepEqual(at("get com"), [["common.txt "], "com"]);
    assert.deepEqual(at("get a"), [["a\\ b.txt ", "a\\ c.txt "], "a"]);
    assert.deepEqual(at("get a\\ b"), [["a\\ b.txt "], "a\\ b"]);
    assert.deepEqual(at('get "a b'), [['"a b.txt" '], '"a b']);
    assert.deepEqual(at("get common.txt from peer-2"), [["peer-2 "], "peer-2"]);
  });

  it("completes nothing where nothing is known", () => {
    assert.deepEqual(at("quit x"), [[], "x"]);
    assert.deepEqual(at("nonsense x"), [[], "nonsense x"]);
  });
});
