//! Conditions of a template, and the values and resources that depend on them. (AWS CloudFormation User Guide, "Condition
//! functions".)

use super::scope::{MAX_DEPTH, Place, Scope, needs};
use crate::document::{Member, Node};
use crate::notice::{Notice, printable};
use rolecall_syntax::Span;

impl Scope<'_> {
    /// Returns the value itself, or the one that its `Fn::If` chooses; nothing if that removes the value.
    ///
    /// # Errors
    /// The notice that refuses the role: the condition has no value in the template.
    pub(super) fn chosen<'a>(
        &self,
        node: &'a Node,
        has_defaults: &mut bool,
    ) -> Result<Option<&'a Node>, Notice> {
        let mut chosen = node;
        for _ in 0..MAX_DEPTH {
            let Some(argument) = only(chosen, "Fn::If") else {
                let removed = only(chosen, "Ref").and_then(|name| name.as_text());
                return Ok((removed != Some("AWS::NoValue")).then_some(chosen));
            };
            let branches = argument.as_list().unwrap_or_default();
            let [condition, then, otherwise] = branches else {
                return Err(needs("`Fn::If`", argument.span));
            };
            let name = condition.as_text();
            let name = name.ok_or_else(|| needs("`Fn::If`", condition.span))?;
            chosen = match self.condition(name, condition.span, MAX_DEPTH, has_defaults)? {
                true => then,
                false => otherwise,
            };
        }
        Err(needs("a deep function", node.span))
    }

    /// Returns whether a resource is made: its condition holds, has no value in the template, or is not there.
    pub(super) fn is_made(&self, resource: &Member, has_defaults: &mut bool) -> bool {
        let Some(condition) = resource.value.named("Condition").next_back() else {
            return true;
        };
        let name = condition.as_text().unwrap_or_default();
        self.condition(name, condition.span, MAX_DEPTH, has_defaults)
            .unwrap_or(true)
    }

    /// Returns the value of the condition with a name.
    fn condition(
        &self,
        name: &str,
        span: Span,
        depth: usize,
        has_defaults: &mut bool,
    ) -> Result<bool, Notice> {
        match self.conditions.get(name) {
            Some(condition) => self.truth(condition, depth, has_defaults),
            None => Err(needs(&format!("the condition `{}`", printable(name)), span)),
        }
    }

    fn truth(&self, node: &Node, depth: usize, has_defaults: &mut bool) -> Result<bool, Notice> {
        let unknown = || needs("a condition", node.span);
        let depth = depth.checked_sub(1).ok_or_else(unknown)?;
        self.left.set(self.left.get().checked_sub(1).ok_or_else(unknown)?);
        let [Member { name, value }] = node.as_map().unwrap_or_default() else {
            return Err(unknown());
        };
        let parts = value.as_list().unwrap_or_default();
        Ok(match (name.as_str(), parts) {
            ("Condition", _) => {
                let name = value.as_text().ok_or_else(unknown)?;
                self.condition(name, value.span, depth, has_defaults)?
            }
            ("Fn::Equals", [first, second]) => {
                let mut text = |node| self.text_of(node, Place::Other, depth, has_defaults);
                text(first)? == text(second)?
            }
            ("Fn::Not", [part]) => !self.truth(part, depth, has_defaults)?,
            // All parts need values: CloudFormation does not say in which order it looks at them.
            (operator @ ("Fn::And" | "Fn::Or"), [_, _, ..]) => {
                let is_and = operator == "Fn::And";
                let mut result = is_and;
                for part in parts {
                    let truth = self.truth(part, depth, has_defaults)?;
                    result = if is_and { result && truth } else { result || truth };
                }
                result
            }
            _ => return Err(unknown()),
        })
    }
}

/// Returns the value of the only member of a map, if it has this name.
fn only<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    match node.as_map()? {
        [member] if member.name.node == name => Some(&member.value),
        _ => None,
    }
}
