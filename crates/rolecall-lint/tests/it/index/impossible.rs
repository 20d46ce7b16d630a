//! What goes wrong elsewhere, and cannot here.

/// A smell that the language rules out.
pub(crate) struct Impossible {
    pub(crate) smell: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) proof: Proof,
}

/// What shows it.
pub(crate) enum Proof {
    /// Each of these does not compile, and the error has the words.
    Refused(&'static [(&'static str, &'static str)]),
    /// The role `r` of the policy is denied to a token with these claims, and allowed to one with those, if there are some.
    Denied {
        policy: &'static str,
        denied: &'static str,
        allowed: &'static str,
    },
}

use Proof::{Denied, Refused};

const fn row(smell: &'static str, reason: &'static str, proof: Proof) -> Impossible {
    Impossible { smell, reason, proof }
}

/// The issuers that the policies below know, unless they declare their own.
pub(crate) const ISSUER: &str =
    r#"issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "sts" }"#;

pub(crate) const IMPOSSIBLE: &[Impossible] = &[
    row(
        "a role for the tokens of any issuer",
        "every `allow` names its issuer; tokens of other issuers never match it",
        Refused(&[(r#"role r { allow when ref == "main" }"#, "from")]),
    ),
    row(
        "an issuer without a URL, or with a pattern or a non-canonical URL",
        "`url` is required, and is an `https` URL; it is compared byte by byte",
        Refused(&[
            (r#"issuer i { profile generic audience "sts" }"#, "url"),
            (
                r#"issuer i { url "https://*.acme.example" profile generic audience "sts" }"#,
                "host",
            ),
            (
                r#"issuer i { url "http://acme.example" profile generic audience "sts" }"#,
                "https",
            ),
            (
                r#"issuer i { url "https://Acme.example" profile generic audience "sts" }"#,
                "lower",
            ),
            (
                r#"issuer i { url "https://acme.example/?a=b" profile generic audience "sts" }"#,
                "quer",
            ),
        ]),
    ),
    row(
        "no audience",
        "`audience` is required",
        Refused(&[(
            r#"issuer i { url "https://acme.example" profile generic }"#,
            "audience",
        )]),
    ),
    row(
        "a pattern for the audience of an issuer",
        "an audience is compared byte by byte",
        Denied {
            policy: r#"issuer i { url "https://gitlab.com" profile generic audience "*" } role r { allow from i when has sub }"#,
            denied: r#""aud": "sts", "sub": "x""#,
            allowed: r#""aud": "*", "sub": "x""#,
        },
    ),
    row(
        "a token for several services, passed on by one of them",
        "the token must have a single audience, which is one of the issuer's",
        Denied {
            policy: r#"role r { allow from gitlab when project == "a/b" }"#,
            denied: r#""aud": ["sts", "other"], "project_path": "a/b""#,
            allowed: r#""aud": ["sts"], "project_path": "a/b""#,
        },
    ),
    row(
        "`none`, or a symmetric algorithm",
        "the language only has asymmetric algorithms",
        Refused(&[
            (
                r#"issuer i { url "https://a.example" profile generic audience "sts" algorithms [none] }"#,
                "algorithm",
            ),
            (
                r#"issuer i { url "https://a.example" profile generic audience "sts" algorithms [HS256] }"#,
                "algorithm",
            ),
        ]),
    ),
    row(
        "a claim that no token has, or a misspelled claim",
        "the issuer's profile lists the claims",
        Refused(&[
            (
                r#"role r { allow from gitlab when projct_path == "a/b" }"#,
                "projct_path",
            ),
            (
                r#"role r { allow from gitlab when has repository }"#,
                "repository",
            ),
        ]),
    ),
    row(
        "a literal of another type, which never satisfies `==` and always satisfies `!=`",
        "claims have types, and comparisons are checked against them",
        Refused(&[
            ("role r { allow from gitlab when project_id == 20 }", "id"),
            ("role r { allow from gitlab when project_id != 20 }", "id"),
            (
                r#"role r { allow from gitlab when ref_protected == "yes" }"#,
                "bool",
            ),
            (r#"role r { allow from gitlab when project_id == "x" }"#, "id"),
        ]),
    ),
    row(
        "a value outside a closed enum",
        "the profile lists the values",
        Refused(&[
            (
                r#"role r { allow from gitlab when ref_type == "branches" }"#,
                "ref_type",
            ),
            (
                r#"role r { allow from gitlab when ref_type == "mr" }"#,
                "ref_type",
            ),
        ]),
    ),
    row(
        "a list compared like a single value",
        "lists take `contains`",
        Refused(&[(
            r#"role r { allow from gitlab when groups_direct == "acme" }"#,
            "list",
        )]),
    ),
    row(
        "a statement about all elements of an empty list (`ForAllValues`)",
        "the language has no such quantifier: `contains all` requires each of its literals, and has at least one",
        Refused(&[(
            r#"role r { allow from gitlab when groups_direct contains all [] }"#,
            "empty",
        )]),
    ),
    row(
        "an absent or empty list that satisfies `contains all`",
        "a comparison with an absent claim never grants",
        Denied {
            policy: r#"role r { allow from gitlab when groups_direct contains all ["acme"] }"#,
            denied: r#""aud": "sts", "groups_direct": []"#,
            allowed: r#""aud": "sts", "groups_direct": ["acme"]"#,
        },
    ),
    row(
        "a negation that holds for a token without the claim (`StringNotEquals`)",
        "a comparison with an absent claim is UNKNOWN, and so is its negation",
        Denied {
            policy: r#"role r { allow from gitlab when environment != "dev" && !(environment like "test*") }"#,
            denied: r#""aud": "sts""#,
            allowed: r#""aud": "sts", "environment": "production""#,
        },
    ),
    row(
        "a condition that is skipped if the claim is absent (`…IfExists`)",
        "the language has no such operator",
        Refused(&[(r#"role r { allow from gitlab when environment ==? "prod" }"#, "")]),
    ),
    row(
        "a regex that matches a part of the value",
        "`matches` always compares the whole value",
        Denied {
            policy: r#"role r { allow from gitlab when ref matches /main/ }"#,
            denied: r#""aud": "sts", "ref": "x-main""#,
            allowed: r#""aud": "sts", "ref": "main""#,
        },
    ),
    row(
        "an alternative without its anchor (`^a|b$`)",
        "the regex is a group of its own, and anchors are errors",
        Refused(&[(
            r#"role r { allow from gitlab when ref matches /^main|develop$/ }"#,
            "whole value",
        )]),
    ),
    row(
        "a regex with flags, look-around or back-references",
        "the language has none: case is never folded, and matching takes linear time",
        Refused(&[
            (r#"role r { allow from gitlab when ref matches /(?i)main/ }"#, ""),
            (r#"role r { allow from gitlab when ref matches /(?=m)main/ }"#, ""),
            (r#"role r { allow from gitlab when ref matches /(m)\1/ }"#, ""),
        ]),
    ),
    row(
        "a claim inside of the literal that it is compared with (`${sub}`)",
        "both are errors: `${`, and a text that contains the claim that it is compared with",
        Refused(&[
            (
                r#"role r { allow from gitlab when sub == "${sub}" }"#,
                "`${sub}` is not a variable here",
            ),
            (
                r#"role r { allow from gitlab when sub == "{sub}" }"#,
                "compared with a text that contains it",
            ),
        ]),
    ),
    row(
        "`&&` and `||` without parentheses",
        "it is an error that shows both readings",
        Refused(&[(
            r#"role r { allow from gitlab when ref == "a" || ref == "b" && ref_protected }"#,
            "&&",
        )]),
    ),
    row(
        "a `glob` wildcard that crosses a `/` or a `:`",
        "`*` stays within one segment, and nothing crosses `:`",
        Denied {
            policy: r#"role r { allow from gitlab when sub glob "project_path:acme/*:ref_type:branch:ref:main" }"#,
            denied: r#""aud": "sts", "sub": "project_path:acme/a/b:ref_type:branch:ref:main",
                "project_path": "acme/a/b", "ref_type": "branch", "ref": "main""#,
            allowed: r#""aud": "sts", "sub": "project_path:acme/a:ref_type:branch:ref:main",
                "project_path": "acme/a", "ref_type": "branch", "ref": "main""#,
        },
    ),
    row(
        "a `sub` that contradicts the other claims",
        "a derived claim is UNKNOWN if it contradicts its parts",
        Denied {
            policy: r#"role r { allow from gitlab when sub like "project_path:acme/shop:*" }"#,
            denied: r#""aud": "sts", "sub": "project_path:acme/shop:ref_type:branch:ref:main",
                "project_path": "mallory/web", "ref_type": "branch", "ref": "main""#,
            allowed: r#""aud": "sts", "sub": "project_path:acme/shop:ref_type:branch:ref:main",
                "project_path": "acme/shop", "ref_type": "branch", "ref": "main""#,
        },
    ),
    row(
        "a condition with a default argument that is too wide",
        "parameters have no defaults",
        Refused(&[
            (r#"condition of(p = "*") = project like p"#, ""),
            (
                r#"condition of(p) = project == p role r { allow from gitlab when of() }"#,
                "",
            ),
        ]),
    ),
    row(
        "an undefined name",
        "names are resolved over all files",
        Refused(&[
            ("role r { allow from nobody }", "nobody"),
            ("role r { allow from gitlab when ref in refs }", "refs"),
            ("role r { allow from gitlab when released }", "released"),
            ("guard g for r2 { ref_protected }", "r2"),
            (r#"test "t" { token gitlab { } expect deny r2 }"#, "r2"),
        ]),
    ),
    row(
        "two items with the same name",
        "names are unique over all files",
        Refused(&[
            (
                "role r { allow from gitlab } role r { allow from gitlab }",
                "two roles",
            ),
            (r#"set s = ["a"] set s = ["b"]"#, "two sets"),
            (
                "condition c = ref_protected condition c = ref_protected",
                "two conditions",
            ),
            (
                "role r { allow from gitlab } guard g for r { ref_protected } guard g for r { ref_protected }",
                "two guards",
            ),
        ]),
    ),
    row(
        "an empty list, which contains no value and excludes every value",
        "lists and sets have at least one element",
        Refused(&[
            ("role r { allow from gitlab when ref in [] }", "empty"),
            ("set s = []", "empty"),
        ]),
    ),
];
