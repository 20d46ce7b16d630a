//! Modules in order: no file of a crate uses another one that uses it in turn, directly or through others.
//!
//! A module and those inside it are one thing in this sense: a parent uses its children, and a child may use its parent.

use crate::sources;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};

/// The path of a module from the root of its crate, which is the empty one.
type Module = Vec<String>;

/// A use of a name: the file that uses it, the file that has it, and the name.
type Use = (Module, Module, String);

/// The module of a file, from its path below the folder of its crate.
fn module(path: &str) -> Option<Module> {
    let path = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let module = path.split('/').map(str::to_owned);
    let module: Module = module.collect();
    match path {
        "lib" | "main" => Some(Module::new()),
        _ if path.starts_with("bin/") => None,
        _ => Some(module),
    }
}

/// Reads the paths in some code that begin with `crate`, `self` or `super`, or are those of a `use`.
fn paths(code: TokenStream, found: &mut Vec<Vec<String>>) {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Group(group) => paths(group.stream(), found),
            TokenTree::Ident(word) if word == "use" => at = tree(&tokens, at, &[], found),
            TokenTree::Ident(word) if ["crate", "self", "super"].contains(&&*word.to_string()) => {
                at = tree(&tokens, at - 1, &[], found);
            }
            _ => {}
        }
    }
}

/// Reads the path or the tree of paths that begins at a token, and returns where it ends.
fn tree(tokens: &[TokenTree], mut at: usize, before: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = before.to_vec();
    let is_colon =
        |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(sign)) if sign.as_char() == ':');
    loop {
        match tokens.get(at) {
            Some(TokenTree::Ident(word)) => path.push(word.to_string()),
            Some(TokenTree::Group(group))
                if group.delimiter() == Delimiter::Brace && path.len() > before.len() =>
            {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let is_comma =
                    |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ',');
                for part in inner.split(is_comma).filter(|part| !part.is_empty()) {
                    tree(part, 0, &path, found);
                }
                return at + 1;
            }
            _ => break,
        }
        at += 1;
        if !(is_colon(at) && is_colon(at + 1)) {
            break;
        }
        at += 2;
    }
    found.push(path);
    at
}

/// The files of a crate with the paths that they name.
struct Package {
    named: BTreeMap<Module, Vec<Vec<String>>>,
}

impl Package {
    /// The module with a path of names used in another one, and the first name after it.
    fn resolve(&self, from: &Module, path: &[String]) -> (Module, String) {
        let mut module = from.clone();
        let mut rest = path;
        while let [first, more @ ..] = rest {
            match first.as_str() {
                "crate" => module = Module::new(),
                "self" => {}
                "super" => drop(module.pop()),
                name => {
                    let inner: Module = module.iter().cloned().chain([name.to_owned()]).collect();
                    if !self.named.contains_key(&inner) {
                        break;
                    }
                    module = inner;
                }
            }
            rest = more;
        }
        (module, rest.first().cloned().unwrap_or_default())
    }

    /// The module that has a name which another one may only pass on.
    fn home(&self, (module, name): (Module, String)) -> Module {
        let passed_on = self.named.get(&module).into_iter().flatten();
        let mut passed_on = passed_on.filter(|path| path.len() > 1 && path.last() == Some(&name));
        let inner = passed_on.find_map(|path| {
            let (home, _) = self.resolve(&module, path);
            (home.len() > module.len() && home.starts_with(&module)).then_some(home)
        });
        inner.unwrap_or(module)
    }

    fn uses(&self) -> BTreeSet<Use> {
        let each = self
            .named
            .iter()
            .flat_map(|(from, paths)| paths.iter().map(move |path| (from, path)));
        let uses = each.filter_map(|(from, path)| {
            let (module, name) = self.resolve(from, path);
            let to = self.home((module, name.clone()));
            let is_family = to.starts_with(from) || from.starts_with(&to);
            (!is_family).then(|| (from.clone(), to, name))
        });
        uses.collect()
    }

    /// The uses that lead back to the file that they begin in.
    fn circles(&self) -> BTreeSet<Use> {
        let uses = self.uses();
        let leads_to = |from: &Module, wanted: &Module| {
            let (mut seen, mut next) = (BTreeSet::from([from]), vec![from]);
            while let Some(module) = next.pop() {
                let used = uses.iter().filter(|(from, ..)| from == module);
                next.extend(used.map(|(_, to, _)| to).filter(|to| seen.insert(to)));
            }
            seen.contains(wanted)
        };
        let circles = uses.iter().filter(|(from, to, _)| leads_to(to, from));
        circles.cloned().collect()
    }
}

#[test]
fn no_modules_use_one_another_in_a_circle() {
    let mut packages: BTreeMap<String, Package> = BTreeMap::new();
    for (path, text) in sources() {
        let (package, path) = path.split_once('/').unwrap();
        let Some(module) = module(path) else { continue };
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let mut named = Vec::new();
        paths(code.parse().unwrap(), &mut named);
        let package = packages.entry(package.to_owned()).or_insert_with(|| Package {
            named: BTreeMap::new(),
        });
        package.named.insert(module, named);
    }
    assert!(packages.len() > 5 && packages.values().all(|package| package.uses().len() > 10));
    let circles = packages.iter().flat_map(|(name, package)| {
        let shown = move |(from, to, what): Use| {
            format!("{name}: {} uses {what} of {}", from.join("/"), to.join("/"))
        };
        package.circles().into_iter().map(shown)
    });
    let circles: Vec<String> = circles.collect();
    assert!(
        circles.is_empty(),
        "these files use one another in a circle:\n{}",
        circles.join("\n")
    );
}
