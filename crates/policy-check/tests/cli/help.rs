//! Help, completions and man pages.

use crate::policies::Folder;
use insta::assert_snapshot;
use policy_check::{Color, Console, parse_arguments};
use std::ffi::OsString;

/// The verbs of the command.
pub(crate) const VERBS: [&str; 22] = [
    "init",
    "check",
    "fmt",
    "graph",
    "test",
    "gen-tests",
    "prove",
    "witness",
    "diff",
    "decide",
    "explain",
    "import",
    "export",
    "drift",
    "names",
    "migrate",
    "profiles",
    "rules",
    "keys",
    "lsp",
    "completions",
    "man",
];

/// The command lines of the examples of a help text, up to a pipe or a redirection.
fn examples(help: &str) -> Vec<Vec<String>> {
    let (_, examples) = help.split_once("Examples:\n").expect("examples");
    let commands = examples
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("policy-check "));
    let words = |line: &str| {
        let words = line.split_whitespace().map(str::to_owned);
        words
            .take_while(|word| !matches!(word.as_str(), "|" | ">"))
            .collect()
    };
    commands.map(words).collect()
}

#[test]
fn every_help_has_examples_that_can_be_run() {
    let folder = Folder::new();
    let mut verbs: Vec<Vec<&str>> = VERBS.iter().map(|verb| vec![*verb]).collect();
    verbs.push(Vec::new());
    for verb in verbs {
        for flag in ["-h", "--help"] {
            let run = folder.run(&[&verb[..], &[flag]].concat()).exits(0);
            let examples = examples(&run.out);
            assert!(examples.len() >= 2, "{verb:?} {flag}");
            for example in examples {
                let arguments: Vec<OsString> = example.iter().map(OsString::from).collect();
                let parsed = parse_arguments(&arguments, &mut Console::new(Color::Never));
                assert!(parsed.is_ok(), "{example:?}");
                assert!(verb.is_empty() || example[1] == verb[0], "{example:?}");
            }
        }
    }
}

#[test]
fn the_help_of_the_command() {
    let run = Folder::new().run(&["-h"]).exits(0);
    assert_snapshot!(run.out, @r"
    Check, format, test, prove and explain policies, and decide which roles a signed ID token may take

    Usage: policy-check [OPTIONS] <COMMAND>

    Commands:
      init         Write the first policies of a repository, with tests and a pipeline
      check        Report errors in policies, and dangerous, dead or untidy code
      fmt          Format policies
      test         Run the tests in policies, and prove their assertions
      gen-tests    Write tests for each condition into a file of their own
      prove        Prove statements about all tokens, or refute them with a token
      witness      Show tokens that get a role, and near misses that do not
      diff         Show which access is gained and lost between two versions of a policy set
      decide       Verify a signed ID token, and print the roles that it may take
      explain      Show why roles are allowed or denied, and what would allow them
      import       Write the roles of documents in other languages as policies, with tests
      export       Write the documents with which a cloud admits the tokens that get a role
      drift        Compare roles with the live ones that they grant
      graph        Show who can get which role, the widest first, as a table or a diagram
      names        Check whether the projects and owners that roles name are still yours
      migrate      Move policies to another form of what they compare
      profiles     List the profiles of issuers, or show the claims of one
      rules        List the linter's rules, or show rule pages
      keys         Inspect issuers' keys, fetched or from a file
      lsp          Serve an editor: problems while typing, fixes, hover, completion, names, formatting
      completions  Print a shell completion script
      man          Print the man page
      help         Print this message or the help of the given subcommand(s)

    Options:
          --color <WHEN>  Colour the output; `NO_COLOR` and `CLICOLOR_FORCE` are respected [default:
                          auto] [possible values: auto, always, never]
      -h, --help          Print help (see more with '--help')
      -V, --version       Print version

    Exit codes, the same in every command and format:
      0  yes: clean, allowed, passed, proved
      1  no: findings, denied, failed, refuted, a refused token
      2  could not run: usage, files, configuration
      3  undecided: a budget ran out

    Examples:
      policy-check init
      policy-check check policies
      policy-check test policies
      policy-check prove policies/shop 'possible deploy-prod'
      policy-check witness deploy-prod policies/shop --near-miss
      policy-check decide --policies policies/shop --jwks jwks.json --token -
      policy-check explain --policies policies/shop --claims claims.json --issuer gitlab
      policy-check keys --issuer https://gitlab.com
    ");
}

#[test]
fn help_fits_a_terminal() {
    for verb in VERBS {
        let run = Folder::new().run(&[verb, "--help"]).exits(0);
        for line in run.out.lines() {
            assert!(line.chars().count() <= 100, "{verb}: {line}");
        }
    }
}

#[test]
fn completions_name_every_verb() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = Folder::new().run(&["completions", shell]).exits(0);
        for verb in VERBS {
            assert!(run.out.contains(verb), "{shell} {verb}");
        }
    }
    Folder::new().run(&["completions", "tcsh"]).exits(2);
}

#[test]
fn man_pages() {
    let folder = Folder::with(&[("man/readme", "")]);
    let run = folder.run(&["man"]).exits(0);
    assert!(run.out.contains(".TH policy-check 1"), "{}", run.out);
    assert_eq!(folder.run(&["man", "--dir", "man"]).exits(0).out, "");
    assert_eq!(folder.read("man/policy-check.1"), run.out);
    for verb in VERBS {
        let page = folder.read(&format!("man/policy-check-{verb}.1"));
        assert!(page.contains("Examples:"), "{verb}");
    }
    let run = folder.run(&["man", "--dir", "nowhere"]).exits(2);
    assert_snapshot!(run.err, @"error: cannot write `nowhere/policy-check.1`: it does not exist");
}
