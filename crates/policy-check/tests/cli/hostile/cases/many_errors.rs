//! Many errors, and many names that may be meant.

use super::{MORE, PASSING, refused};
use crate::hostile::Case;
use crate::hostile::texts::{ISSUER, family, fill, join, profile};

pub(super) fn all() -> Vec<Case> {
    let known = join(18_000, "", |n| format!("set abcdefgh{n} = [\"a\"]\n"));
    let claims = join(15_000, " ", |n| format!("claim abcdefgh{n} : text"));
    vec![
        refused(
            "unknown roles times known ones",
            fill(
                &format!("{ISSUER}{}", family("abcdefgh", 30_000)),
                |n| format!("guard g{n} for abcdfegh-{n} {{ sub != \"a\" }}\n"),
                "",
            ),
            MORE,
        ),
        refused(
            "unknown sets times known ones",
            fill(
                &format!("{ISSUER}{known}"),
                |n| format!("role r{n} {{ allow from g when sub in abcdefhg{n} }}\n"),
                "",
            ),
            MORE,
        ),
        refused(
            "unknown claims times known ones, in templates",
            fill(
                &format!("{}role r {{ allow from g ", profile(&claims)),
                |n| format!("grant a{n} = \"{{abcdefhg{n}}}\" "),
                "}\n",
            ),
            MORE,
        ),
        refused(
            "unknown tests times known ones",
            fill(
                &format!("{ISSUER}{PASSING}"),
                |n| format!("test \"abcdefgh{n}\" {{ token g like \"abcdefhg{n}\" {{}} expect allow z }}\n"),
                "",
            ),
            MORE,
        ),
        refused(
            "errors on one long line",
            fill(
                ISSUER.trim_end(),
                |n| format!(" role r{n} {{ allow from h }}"),
                "\n",
            ),
            MORE,
        ),
        refused(
            "notes that point at a large item",
            fill(
                &format!(
                    "{ISSUER}role r {{ allow from g when sub in [{}] }}\n",
                    join(50_000, ",\n", |n| format!("\"{n}\""))
                ),
                |_| "role r { allow from g }\n".into(),
                "",
            ),
            MORE,
        ),
    ]
    .into_iter()
    .flat_map(|case| {
        // As `check` prints it too.
        let text = case.text.clone();
        [
            case,
            Case {
                verb: &["check"],
                exit: 1,
                text,
                ..refused("  the same, checked", String::new(), MORE)
            },
        ]
    })
    .collect()
}
