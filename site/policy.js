// Colours for policies, after the grammar of `editors/vscode`. mdBook has already been through the blocks, without
// knowing the language.
/* global hljs */
'use strict';

hljs.registerLanguage('policy', () => ({
    keywords: {
        $pattern: /[A-Za-z_][\w-]*/,
        keyword:
            'edition issuer profile set condition role guard test assert allow deny only from when for extends token ' +
            'case expect because with implies never possible disjoint equivalent covers derive claim shared alias ' +
            'has in like glob under matches contains is all any',
        built_in:
            'url audience authorized_party jwks algorithms leeway max_age subject_limit tags ttl grant ' +
            'author immutable nullable optional platform recyclable tenant',
        literal: 'true false null absent',
    },
    contains: [
        hljs.C_LINE_COMMENT_MODE,
        hljs.C_BLOCK_COMMENT_MODE,
        {
            className: 'string',
            begin: /"/,
            end: /"|$/,
            contains: [
                { begin: /\\(u\{[0-9A-Fa-f]*\}|.)/ },
                { className: 'subst', begin: /\{[A-Za-z_][^{}"]*\}/ },
            ],
        },
        { className: 'regexp', begin: /\/(?![/*\s])/, end: /\/|$/, contains: [{ begin: /\\./ }] },
        { className: 'symbol', begin: /#[A-Za-z_][\w-]*/ },
        { className: 'number', begin: /(?<![\w.-])-?[0-9]+[smhd]?(?![\w.])/ },
        // A claim is not the keyword that it is named like.
        { begin: /\.[A-Za-z_][\w-]*/ },
    ],
}));

document.querySelectorAll('code.language-policy').forEach(block => hljs.highlightBlock(block));
