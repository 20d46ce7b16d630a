//! Help of `graph`.

pub(crate) const GRAPH_EXAMPLES: &str = "\
Examples:
  policy-check graph policies
  policy-check graph policies --format html=graph.html --format mermaid=graph.mmd
  policy-check graph policies --roles '#prod' --format mermaid
  policy-check graph account.json --format html > graph.html";

/// The meaning of the rows and the diagram.
pub(crate) const GRAPH_DETAILS: &str = "\
Each `allow` of a role is a way to get it, and has a row: the role with its tags and its ttl, the
issuer, the tenants that it names (projects, groups, owners), the refs, environments and triggers
that it admits, its further conditions, the guards that narrow it, and the roles or secrets that it
grants. A role of a `for` has a row of its own, with its values filled in. The widest ways come
first.

`--format html` writes a table that stands alone: it loads nothing, and its only script sorts and
filters it. Without scripts it is a plain table. `--format mermaid` writes a diagram, from the
tenants to the roles to the grants. For a merge request, put it between a line with three backticks
and the word `mermaid`, and a line with three backticks:

  (echo '```mermaid'; policy-check graph policies --format mermaid; echo '```') > comment.md

A diagram has at most 30 nodes for roles. In a larger set, the roles of one `for` share a node. If
that is not enough, so do roles of the same width with the same tags, but for the widest. Then only
the widest are drawn, and a last node says how many roles are left out. GitLab shows a diagram of
more than 2,000 characters after a click.

Documents in other languages may have roles that are not translated. They are counted below the
table, and their ways are missing.

Exit codes: 0, or 2 if the policies cannot be read.";

pub(crate) const GRAPH_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1, "roles": COUNT,
   "ways": [{"role", "tags": [TEXT], "ttl": SECONDS or null, "family": TEXT or null,
     "issuer": NAME, "width": NAME, "proved": BOOL, "token": {…} or null,
     "tenants": [TEXT], "who": [CONDITION], "source": [CONDITION], "other": [CONDITION],
     "guards": [{"guard": NAME, "condition"}], "grants": [{"name", "value"}],
     "file": PATH, "line": NUMBER, "written": TEXT or null}],
   "coverage": {… as in `check` …} or null}
The ways are sorted, the widest first. `width` has an underscore for each space. `proved` is false
if it was not decided that the way is that wide; wider ones are refuted. `token` is a token that
gets the role and shows its width."#;
