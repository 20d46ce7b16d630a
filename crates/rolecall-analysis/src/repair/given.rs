//! The choices of a given token: the word of each claim.

use crate::formula::Choices;
use crate::language::{ABSENT, ILL_TYPED, NULL};
use crate::space::Space;
use crate::variable::{Choice, Variable};
use rolecall_engine::ir::ClaimDefinition;
use rolecall_engine::{ClaimType, Document, Object, Value};

/// Returns the choices of a token. Those of derived claims and equations follow from others.
pub(super) fn choices(space: &Space<'_>, token: &Object) -> Choices {
    let mut choices = Choices::new();
    for (claim, definition) in space.issuer.profile.claims().iter() {
        if space.is_derived(claim) {
            continue;
        }
        let (word, elements) = word(definition, token.at(&definition.path));
        let is_equated = space.equations.iter().any(|equation| equation.claim == claim);
        let variable = if is_equated {
            Variable::Left(claim)
        } else {
            Variable::Claim(claim)
        };
        choices.insert(variable, Choice::Word(word));
        if definition.claim_type.is_list() {
            choices.insert(Variable::Elements(claim), Choice::Elements(elements));
        }
    }
    choices
}

/// Returns the word of a value and, if it is a list, those of its elements.
fn word(definition: &ClaimDefinition, value: Option<&Value>) -> (Vec<u8>, Vec<Vec<u8>>) {
    let scalar = definition.claim_type.scalar();
    let read = |value: &Value| {
        let document = Document::from(value);
        scalar
            .read(document.root())
            .map(|value| value.to_string().into_bytes())
    };
    let mark = |mark: &[u8]| (mark.to_vec(), Vec::new());
    match (&definition.claim_type, value) {
        (_, None) => mark(ABSENT),
        (_, Some(Value::Null)) if definition.nullable => mark(NULL),
        // A null that the type does not have is as good as absent.
        (_, Some(Value::Null)) => mark(ABSENT),
        (ClaimType::List(_), Some(value)) => {
            let items = match value {
                Value::List(items) => items.as_slice(),
                one => std::slice::from_ref(one),
            };
            let words: Option<Vec<Vec<u8>>> = items.iter().map(read).collect();
            words.map_or_else(|| mark(ILL_TYPED), |words| (Vec::new(), words))
        }
        (_, Some(value)) => read(value).map_or_else(|| mark(ILL_TYPED), |word| (word, Vec::new())),
    }
}
