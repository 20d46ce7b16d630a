//! Projects: whether a clause admits those that it does not name.

use crate::ask;
use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::stranger::other_project;
use crate::vocabulary::{PROJECT_IDS, PROJECTS};
use rolecall_analysis::Answer;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{Pattern, Wildcard};
use rolecall_engine::{ClaimId, Part};
use rolecall_syntax::Str;

/// Names of projects that no policy writes.
const UNWRITTEN: &str = "*somebodys-new-project";

/// Returns the token of a project with a name and an id that the clause does not write, of any owner that the clause
/// admits. There is none where the issuer has no projects.
pub(crate) fn of_new_project(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Answer {
    let Some(project) = view.claim("project").filter(|_| !names_project(view)) else {
        return Answer::Nothing;
    };
    let names = Str::new(UNWRITTEN)
        .ok()
        .map(|text| Pattern::Like(Wildcard::new(&text)));
    let names = names.map(|names| ask::fits(project, names));
    let condition = ask::all(names.into_iter().chain([other_project(view)]).collect::<Vec<_>>());
    context.asks(view, condition)
}

/// Returns whether the clause requires the name or the id of a project, as its form alone shows.
fn names_project(view: &ClauseView<'_>) -> bool {
    let mut claims = PROJECTS
        .iter()
        .chain(&PROJECT_IDS)
        .filter_map(|name| view.claim(name));
    claims.any(|claim| view.pins(claim)) || is_project_id(view)
}

/// Returns whether a claim that is composed of an id alone must be the id of a project. A UUID that may be another id, too,
/// is taken for that of the project.
fn is_project_id(view: &ClauseView<'_>) -> bool {
    let ids: Vec<ClaimId> = PROJECT_IDS.iter().filter_map(|name| view.claim(name)).collect();
    let mut derivations = view.issuer.derivations.iter();
    derivations.any(|derivation| {
        let is_id = matches!(&*derivation.template.parts, [Part::Claim(claim, None)] if ids.contains(claim));
        let mut named = view.constraints_on(derivation.claim);
        is_id && named.any(|one| one.wanted && matches!(one.atom.question, Question::OneOf(_)))
    })
}
