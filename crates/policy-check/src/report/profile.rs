//! A profile: its documentation, its claims, and the claims that are derived.

use crate::documentation::lines_before;
use rolecall_engine::ir::{Profile, Program, Trust};
use rolecall_engine::{FileId, Location};
use rolecall_report::location::{LineLocation, Locations};
use rolecall_report::printable::{printable, shortened};
use rolecall_report::style::{FAINT, STRONG, paint};
use rolecall_report::text;
use rolecall_syntax::ast::Comment;
use rolecall_syntax::{Spanned, parse};
use serde::Serialize;
use std::collections::HashMap;

/// The maximum number of characters of a type in text. The JSON has all of them.
const LONGEST_TYPE: usize = 39;
/// The maximum width of a column; a wider cell moves the next column.
const WIDEST: usize = 40;

/// A profile.
#[derive(Debug, Serialize)]
pub(crate) struct ProfileReport {
    name: String,
    built_in: bool,
    #[serde(flatten)]
    location: LineLocation,
    /// The first words of the documentation.
    summary: String,
    /// The lines of the documentation.
    documentation: Vec<String>,
    /// The paragraph of the documentation that names the sources of the facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    sources: Option<String>,
    /// The profiles that this one extends, the nearest first.
    extends: Vec<String>,
    shared: Vec<String>,
    claims: Vec<ClaimReport>,
    derivations: Vec<DerivationReport>,
    /// The `profile` item as it is written.
    text: String,
}

#[derive(Debug, Serialize)]
struct ClaimReport {
    claim: String,
    #[serde(rename = "type")]
    claim_type: String,
    trust: &'static str,
    tenant: bool,
    optional: bool,
    nullable: bool,
    aliases: Vec<String>,
    /// The profile with the declaration; `None` for a registered claim that none declares.
    profile: Option<String>,
}

#[derive(Debug, Serialize)]
struct DerivationReport {
    claim: String,
    /// The profile with the line.
    profile: Option<String>,
    text: String,
}

/// The profiles of a policy set, with tables for finding documentation and declarations fast.
pub(crate) struct Declarations<'p> {
    program: &'p Program,
    locations: Locations<'p>,
    /// The comments of the files with profiles.
    comments: HashMap<FileId, Vec<Spanned<Comment>>>,
    /// The names of the profiles by the locations of their items, sorted.
    items: Vec<(Location, &'p str)>,
}

impl<'p> Declarations<'p> {
    pub(crate) fn new(program: &'p Program) -> Self {
        let items = program
            .profiles()
            .filter_map(|profile| Some((profile.location?, profile.name.as_str())));
        let mut items: Vec<(Location, &str)> = items.collect();
        items.sort_unstable();
        let mut comments: HashMap<FileId, Vec<Spanned<Comment>>> = HashMap::new();
        for (location, _) in &items {
            let file = location.file();
            comments
                .entry(file)
                .or_insert_with(|| parse(&program[file].text).file.comments);
        }
        Self {
            program,
            locations: Locations::new(program.files()),
            comments,
            items,
        }
    }

    /// Returns the profiles of the user's files, or the built-in ones.
    pub(crate) fn reports(&self, is_own: bool) -> impl Iterator<Item = ProfileReport> {
        let profiles = self
            .program
            .profiles()
            .filter_map(|profile| Some((profile, profile.location?)));
        profiles
            .filter(move |(_, location)| self.program.is_own(location.file()) == is_own)
            .map(|(profile, location)| self.report(profile, location))
    }

    fn report(&self, profile: &Profile, location: Location) -> ProfileReport {
        let documentation = self.documentation(location);
        let claims = profile.claims().values().map(|claim| ClaimReport {
            claim: claim.to_string(),
            claim_type: claim.claim_type.written(),
            trust: claim.trust.word(),
            tenant: claim.tenant,
            optional: claim.optional,
            nullable: claim.nullable,
            aliases: claim.aliases.clone(),
            profile: claim.location.and_then(|location| self.declaring(location)),
        });
        let derivations = profile.derivations.iter().map(|derivation| DerivationReport {
            claim: profile[derivation.claim].to_string(),
            profile: self.declaring(derivation.location),
            text: self.locations.words(derivation.location),
        });
        ProfileReport {
            name: profile.name.clone(),
            built_in: !self.program.is_own(location.file()),
            location: self.locations.line(location),
            summary: summary(&documentation),
            sources: sources(&documentation),
            documentation,
            extends: profile.extends.clone(),
            shared: profile.shared.clone(),
            claims: claims.collect(),
            derivations: derivations.collect(),
            text: location
                .span()
                .text(&self.program[location.file()].text)
                .to_owned(),
        }
    }

    /// Returns the name of the profile whose item contains a location.
    fn declaring(&self, location: Location) -> Option<String> {
        let after = self.items.partition_point(|(item, _)| *item <= location);
        let (item, name) = self.items.get(after.checked_sub(1)?)?;
        let is_inside = item.file() == location.file() && location.span().end <= item.span().end;
        is_inside.then(|| (*name).to_owned())
    }

    /// Returns the lines of the documentation of an item.
    fn documentation(&self, item: Location) -> Vec<String> {
        let source = &self.program[item.file()].text;
        let comments = self.comments.get(&item.file()).map_or(&[][..], Vec::as_slice);
        lines_before(comments, source, item.span().start)
    }
}

impl ProfileReport {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the cells of the profile in a list: its name, number of claims, shared issuers and summary.
    pub(crate) fn row(&self) -> [String; 4] {
        let shared = match self.shared.as_slice() {
            [] => "–".to_owned(),
            urls => urls.join(", "),
        };
        let summary = match self.extends.first() {
            Some(base) if self.summary.is_empty() => format!("extends {base}"),
            _ => self.summary.clone(),
        };
        [
            self.name.clone(),
            self.claims.len().to_string(),
            printable(&shared).into_owned(),
            printable(&summary).into_owned(),
        ]
    }

    /// Formats all of the profile.
    pub(crate) fn text(&self) -> String {
        let mut out = format!(
            "{}  {}\n",
            paint(STRONG, &self.name),
            paint(FAINT, &self.location)
        );
        for line in &self.documentation {
            out += &format!("{}\n", printable(line));
        }
        out.push('\n');
        if !self.extends.is_empty() {
            out += &format!("extends {}\n", self.extends.join(", "));
        }
        for url in &self.shared {
            out += &format!("shared {}\n", printable(url));
        }
        if !(self.extends.is_empty() && self.shared.is_empty()) {
            out.push('\n');
        }
        out += &format!("{}\n", paint(STRONG, "claims"));
        let claims: Vec<[String; 3]> = self.claims.iter().map(|claim| claim.row(&self.name)).collect();
        let width = |column: fn(&[String; 3]) -> &str| {
            let widths = claims.iter().map(|row| column(row).chars().count());
            widths.filter(|width| *width <= WIDEST).max().unwrap_or(0)
        };
        let (name_width, type_width) = (width(|[name, ..]| name), width(|[_, kind, _]| kind));
        for [name, kind, words] in &claims {
            let line = format!("  {name:<name_width$}  {kind:<type_width$}  {words}");
            out += &format!("{}\n", line.trim_end());
        }
        for (title, is_subject) in [("layouts of `sub`", true), ("other derived claims", false)] {
            let mut lines = self
                .derivations
                .iter()
                .filter(|derivation| (derivation.claim == "sub") == is_subject)
                .peekable();
            if lines.peek().is_some() {
                out += &format!("\n{}\n", paint(STRONG, title));
            }
            for derivation in lines {
                let from = origin(derivation.profile.as_deref(), &self.name);
                out += &format!("  {}{from}\n", printable(&derivation.text));
            }
        }
        out
    }
}

impl ClaimReport {
    /// Returns the cells of the claim: its name, type and properties.
    fn row(&self, profile: &str) -> [String; 3] {
        let mut words: Vec<String> = Vec::new();
        if self.trust != Trust::Platform.word() {
            words.push(self.trust.to_owned());
        }
        words.extend(self.tenant.then(|| "tenant".to_owned()));
        words.extend(self.optional.then(|| "optional".to_owned()));
        words.extend(self.nullable.then(|| "nullable".to_owned()));
        words.extend(self.aliases.iter().map(|alias| format!("alias {alias}")));
        let words = words.join(" ") + &origin(self.profile.as_deref(), profile);
        [
            printable(&self.claim).into_owned(),
            shortened(&printable(&self.claim_type), LONGEST_TYPE).into_owned(),
            words,
        ]
    }
}

/// Returns the profile that a declaration is from, if it is another one.
fn origin(declared: Option<&str>, profile: &str) -> String {
    match declared {
        Some(declared) if declared != profile => format!("  {}", paint(FAINT, format!("from {declared}"))),
        _ => String::new(),
    }
}

/// Returns the first paragraph of the documentation up to the end of its first sentence or a colon.
fn summary(documentation: &[String]) -> String {
    let first = paragraph(documentation.iter());
    let is_code = |at: usize| !text::before(&first, at).matches('`').count().is_multiple_of(2);
    let ends = [": ", ". "].into_iter().flat_map(|end| first.match_indices(end));
    let end = ends.map(|(at, _)| at).filter(|at| !is_code(*at)).min();
    let summary = end.map_or(first.as_str(), |end| text::before(&first, end));
    summary.trim_end_matches('.').to_owned()
}

/// Returns the paragraph that begins with `Source:` or `Sources:`.
fn sources(documentation: &[String]) -> Option<String> {
    let is_start = |line: &String| line.starts_with("Source:") || line.starts_with("Sources:");
    let start = documentation.iter().position(is_start)?;
    let paragraph = paragraph(documentation.iter().skip(start));
    let (_, sources) = paragraph.split_once(": ")?;
    Some(sources.to_owned())
}

/// Joins lines up to an empty one.
fn paragraph<'l>(lines: impl Iterator<Item = &'l String>) -> String {
    let lines = lines.take_while(|line| !line.is_empty());
    let lines: Vec<&str> = lines.map(|line| line.trim()).collect();
    lines.join(" ")
}
