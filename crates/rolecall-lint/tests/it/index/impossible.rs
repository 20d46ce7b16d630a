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
        "every `allow` names its issuer; a condition that fits tokens of another one does not let them in",
        Refused(&[(r#"role r { allow when ref == "main" }"#, "from")]),
    ),
    row(
        "an issuer without a URL, or one that is a pattern or not canonical",
        "`url` is required, and is an `https` URL that is compared byte by byte",
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
        "a token for several services that one of them passes on",
        "by default the only audience of the token is one of ours",
        Denied {
            policy: r#"role r { allow from gitlab when project == "a/b" }"#,
            denied: r#""aud": ["sts", "other"], "project_path": "a/b""#,
            allowed: r#""aud": ["sts"], "project_path": "a/b""#,
        },
    ),
    row(
        "`none`, or an algorithm whose key both sides know",
        "only asymmetric algorithms have a name",
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
        "a claim that no token has, or a slip in its name",
        "the profile of the issuer says which claims there are",
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
        "a literal of another type, which `==` would never and `!=` would always fit",
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
        "a list that is compared like a single value",
        "lists take `contains`",
        Refused(&[(
            r#"role r { allow from gitlab when groups_direct == "acme" }"#,
            "list",
        )]),
    ),
    row(
        "a statement about all elements of an empty list (`ForAllValues`)",
        "there is no such quantifier: `contains all` asks for each of the literals, and there is at least one",
        Refused(&[(
            r#"role r { allow from gitlab when groups_direct contains all [] }"#,
            "empty",
        )]),
    ),
    row(
        "a list that is not there, or is empty, and fits `contains all`",
        "a comparison with a claim that is absent never grants",
        Denied {
            policy: r#"role r { allow from gitlab when groups_direct contains all ["acme"] }"#,
            denied: r#""aud": "sts", "groups_direct": []"#,
            allowed: r#""aud": "sts", "groups_direct": ["acme"]"#,
        },
    ),
    row(
        "a negation that a token without the claim passes (`StringNotEquals`)",
        "a comparison with a claim that is absent is UNKNOWN, and so is its opposite",
        Denied {
            policy: r#"role r { allow from gitlab when environment != "dev" && !(environment like "test*") }"#,
            denied: r#""aud": "sts""#,
            allowed: r#""aud": "sts", "environment": "production""#,
        },
    ),
    row(
        "a condition that only counts if the claim is there (`…IfExists`)",
        "there is no such operator",
        Refused(&[(r#"role r { allow from gitlab when environment ==? "prod" }"#, "")]),
    ),
    row(
        "a regex that fits a part of the value",
        "`matches` is about the whole value",
        Denied {
            policy: r#"role r { allow from gitlab when ref matches /main/ }"#,
            denied: r#""aud": "sts", "ref": "x-main""#,
            allowed: r#""aud": "sts", "ref": "main""#,
        },
    ),
    row(
        "an alternative that its anchor does not reach (`^a|b$`)",
        "the whole regex stands in a group of its own, and anchors are refused",
        Refused(&[(
            r#"role r { allow from gitlab when ref matches /^main|develop$/ }"#,
            "whole value",
        )]),
    ),
    row(
        "a regex with flags, look-around or back-references",
        "there are none, so that case never folds and time is linear",
        Refused(&[
            (r#"role r { allow from gitlab when ref matches /(?i)main/ }"#, ""),
            (r#"role r { allow from gitlab when ref matches /(?=m)main/ }"#, ""),
            (r#"role r { allow from gitlab when ref matches /(m)\1/ }"#, ""),
        ]),
    ),
    row(
        "a claim put into the literal that it is compared with (`${sub}`)",
        "literals hold no claims",
        Denied {
            policy: r#"role r { allow from gitlab when sub == "${sub}" || sub == "{sub}" }"#,
            denied: r#""aud": "sts", "sub": "project_path:a/b:ref_type:branch:ref:main",
                "project_path": "a/b", "ref_type": "branch", "ref": "main""#,
            allowed: "",
        },
    ),
    row(
        "`&&` and `||` without parentheses",
        "the reader is asked which of the two readings is meant",
        Refused(&[(
            r#"role r { allow from gitlab when ref == "a" || ref == "b" && ref_protected }"#,
            "&&",
        )]),
    ),
    row(
        "a wildcard of `glob` that runs over a `/` or a `:`",
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
        "a `sub` that says something else than the other claims",
        "a claim that is made of others is UNKNOWN if it contradicts them",
        Denied {
            policy: r#"role r { allow from gitlab when sub like "project_path:acme/shop:*" }"#,
            denied: r#""aud": "sts", "sub": "project_path:acme/shop:ref_type:branch:ref:main",
                "project_path": "mallory/web", "ref_type": "branch", "ref": "main""#,
            allowed: r#""aud": "sts", "sub": "project_path:acme/shop:ref_type:branch:ref:main",
                "project_path": "acme/shop", "ref_type": "branch", "ref": "main""#,
        },
    ),
    row(
        "a condition whose argument has a default that is too wide",
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
        "a name that nothing has",
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
        "two items of one name",
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
        "an empty list, which nothing is in and everything is outside of",
        "lists and sets have an element",
        Refused(&[
            ("role r { allow from gitlab when ref in [] }", "empty"),
            ("set s = []", "empty"),
        ]),
    ),
];
