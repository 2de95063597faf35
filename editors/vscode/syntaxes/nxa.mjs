// The TextMate grammar. It is made by a program for its raw texts: a rule for every language tag
// and number of quotes, since a rule inside another one cannot refer to the quotes that opened it.

const LANGUAGES = [
  { tag: "bash|sh|", scope: "source.shell", name: "shellscript" },
  { tag: "python", scope: "source.python", name: "python" },
  { tag: "node", scope: "source.js", name: "javascript" },
  { tag: "ruby", scope: "source.ruby", name: "ruby" },
  { tag: "perl", scope: "source.perl", name: "perl" },
];

// Lines without the closing quotes are the language's; "while" ends it before them, whatever the
// language believes to be open. The line that closes after some text is a plain string.
function rawText({ tag, scope, name }, quotes) {
  const more = `"{${quotes}${quotes === 5 ? "," : ""}}`;
  return {
    name: "string.quoted.triple.nxa",
    begin: `(?<!")(${more})(?!")(${tag})[ \\t]*$`,
    beginCaptures: {
      1: { name: "punctuation.definition.string.begin.nxa" },
      2: { name: "entity.name.type.language.nxa" },
    },
    end: '\\1(?!")',
    endCaptures: { 0: { name: "punctuation.definition.string.end.nxa" } },
    patterns: [
      {
        begin: `(^|\\G)(?!.*"{${quotes}})`,
        while: `(^|\\G)(?!.*"{${quotes}})`,
        contentName: `meta.embedded.block.${name}`,
        // A rule is dropped with all its parts where none of its patterns is known (a language may be
        // switched off), hence the one that never matches.
        patterns: [{ include: scope }, { match: "(?!)" }],
      },
    ],
  };
}

const rawTexts = [3, 4, 5].flatMap((quotes) => LANGUAGES.map((language) => rawText(language, quotes)));

const string = {
  name: "string.quoted.double.nxa",
  begin: '"',
  beginCaptures: { 0: { name: "punctuation.definition.string.begin.nxa" } },
  end: '"|$',
  endCaptures: { 0: { name: "punctuation.definition.string.end.nxa" } },
};
const escapes = [
  { name: "constant.character.escape.nxa", match: '\\\\([ntr"\\\\$]|u\\{[0-9A-Fa-f]{1,6}\\})' },
  { name: "invalid.illegal.escape.nxa", match: "\\\\." },
];
const variable = { name: "variable.other.shell.nxa", match: "\\$(\\{[^}\"]*\\}|[A-Za-z_]\\w*|[0-9@#?*!$-])" };
const interpolation = {
  name: "meta.interpolation.nxa",
  begin: "\\$\\{",
  beginCaptures: { 0: { name: "punctuation.section.interpolation.begin.nxa" } },
  end: '\\}|(?=")',
  endCaptures: { 0: { name: "punctuation.section.interpolation.end.nxa" } },
  patterns: [{ include: "#expression" }],
};

const NAME = "[A-Za-z_][A-Za-z0-9_-]*";
const keyword = { name: "keyword.declaration.nxa" };

export const grammar = {
  $schema: "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
  name: "nxa",
  scopeName: "source.nxa",
  patterns: [{ include: "#declaration" }, { include: "#field" }, { include: "#expression" }],
  repository: {
    declaration: {
      patterns: [
        {
          match: `^\\s*(workflow|job|executor|let|input|action|template)\\s+(${NAME})`,
          captures: { 1: keyword, 2: { name: "entity.name.function.nxa" } },
        },
        { match: "^\\s*(import|step|use|parallel)\\b(?!\\s*=)", captures: { 1: keyword } },
        { match: `(?<=["'])\\s+(as)\\s+(${NAME})`, captures: { 1: keyword, 2: { name: "entity.name.namespace.nxa" } } },
        { begin: "^\\s*(run)\\s+(?=\")", beginCaptures: { 1: keyword }, end: "$", patterns: [{ include: "#shell" }] },
      ],
    },
    field: {
      patterns: [
        {
          begin: '(?<![\\w.-])(run|condition|exec)(?=\\s*=(?!=)\\s*")',
          beginCaptures: { 1: { name: "variable.other.property.nxa" } },
          end: "$|(?=[,}])",
          patterns: [{ name: "keyword.operator.assignment.nxa", match: "=" }, { include: "#shell" }],
        },
        { match: `(${NAME})(?=\\s*=(?!=))`, captures: { 1: { name: "variable.other.property.nxa" } } },
      ],
    },
    // What is shell where it stands: escapes are ours, `$` is the shell's.
    shell: {
      patterns: [
        { include: "#raw" },
        { ...string, patterns: [...escapes, variable] },
        { include: "#expression" },
      ],
    },
    raw: {
      patterns: [
        ...rawTexts,
        { name: "string.quoted.triple.nxa", begin: '("{3,})', end: '\\1(?!")' },
      ],
    },
    expression: {
      patterns: [
        { name: "comment.line.number-sign.nxa", match: "#.*$" },
        { include: "#raw" },
        { ...string, patterns: [...escapes, interpolation] },
        { name: "string.quoted.single.nxa", match: "'[^'\\n]*'" },
        { name: "constant.numeric.duration.nxa", match: "\\b([0-9]+(ms|h|m|s))+\\b" },
        { name: "constant.numeric.nxa", match: "(?<![\\w-])-?[0-9]+\\b" },
        { name: "constant.language.nxa", match: "(?<![\\w.-])(true|false|null)(?![\\w-])" },
        { name: "support.function.nxa", match: "(?<![\\w.-])(success|failure|always|cancelled|changed)(?=\\s*\\()" },
        { name: "entity.name.function.call.nxa", match: `${NAME}(?=\\s*\\()` },
        { name: "entity.name.type.executor.nxa", match: "(?<=[=:]\\s)(local|oci|ssh|nix|custom)(?=\\s*\\{)" },
        { name: "variable.language.nxa", match: "(?<![\\w.-])(env|input|needs|matrix)(?=\\.)" },
        { name: "keyword.operator.nxa", match: "==|!=|&&|\\|\\||!" },
        { name: "keyword.operator.assignment.nxa", match: "=" },
        { include: "#field" },
        { name: "variable.other.nxa", match: NAME },
      ],
    },
  },
};
