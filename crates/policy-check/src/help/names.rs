//! Help of `names` and `migrate`.

pub(crate) const NAMES_EXAMPLES: &str = "\
Examples:
  gh api orgs/acme > org.json && gh api orgs/acme/repos --paginate > repos.json
  policy-check names policies --projects org.json --projects repos.json
  policy-check names account.json providers.json --projects groups.json --projects projects.json";

/// The meaning of the states.
pub(crate) const NAMES_DETAILS: &str = "\
A role that compares a name lets in the owner of that name. A project that is renamed, moved or deleted
gives up its name, and another owner may register it. Each name of a project, group, organization or user
that roles compare is looked up in what the API of the CI system printed:

  ours            it has this id today; roles that do not compare the id are named
  another id      it is ours, and a role compares the id of another project
  another owner's it has an owner that is not yours
  unregistered    its owner is yours, and has no project with this name: its members can register it
  unknown         the files do not say it

An owner is yours if a file is about the owner itself (`glab api groups/ID`, `gh api orgs/NAME`), or if
`--ours` names it. A project is unregistered only if the files have all projects of its owner: as many as
the organization says to have, or lists whose last page is not full. Projects that the caller of the API
cannot see are missing from its lists.

Exit codes: 0 if all names are yours, 1 if one is not, 3 if one is unknown or a document lacks something.";

pub(crate) const NAMES_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1,
   "names": [{"issuer": URL, "path": TEXT, "kind": "project" or "owner",
     "standing": "ours", "other_id", "other_owner", "unregistered" or "unknown",
     "id": TEXT or null, "reason": TEXT or null,
     "roles": [{"role": NAME, "compares_id": BOOL}]}],
   "coverage": {… as in `check` …} or null}"#;

pub(crate) const MIGRATE_EXAMPLES: &str = "\
Examples:
  policy-check migrate immutable-subjects policies --projects repos.json
  policy-check migrate immutable-subjects policies --projects repos.json --write
  policy-check migrate immutable-subjects policies --projects repos.json --drop-old --write";

/// The meaning of a migration.
pub(crate) const MIGRATE_DETAILS: &str = "\
`immutable-subjects`: subjects of GitHub get the ids of the owner and the repository:
`repo:acme@72/shop@4242:ref:refs/heads/main` instead of `repo:acme/shop:ref:refs/heads/main`. A repository has
the new form after it is created, renamed or transferred, or when its settings say so. First the new form is
added beside the old one in each comparison of `sub` with `==`, `in` and `like`. When all repositories have
changed, `--drop-old` removes the old one. It is proved that only tokens of the same repositories, with
their ids, get a role in addition, and then that no other token gets one. Without the proof nothing is
written. The ids are those of the files, see `names`. `export` writes the same for other systems.

Exit codes: 0 if each subject is migrated, 1 if one is left or more tokens would get a role, 3 if that is not
decided.";

pub(crate) const MIGRATE_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1, "step": "add_new" or "drop_old", "subjects": INT, "written": BOOL,
   "files": [{"file": PATH, "text": TEXT}],
   "left": [{"file": PATH, "line", "column", "subject": TEXT, "reason": TEXT}],
   "gains": [{"role": NAME, "outcome": "yes" or "not_decided", "token", "reason"}]}"#;
