//! Help of `diff`, `decide`, `explain` and `keys`.

pub(crate) const DIFF_EXAMPLES: &str = "\
Examples:
  policy-check diff policies-before policies
  policy-check diff --base origin/main policies/shop
  policy-check diff --base refs/remotes/origin/main --no-new-access policies/shop
  policy-check diff --base origin/main --format markdown policies/shop > comment.md";

pub(crate) const DIFF_DETAILS: &str = "\
Roles are compared by the tokens that get them, over all tokens, not by their text. An unchanged
role is proved to be unchanged; gained or lost access comes with a token that shows it. A role with
a new name that is granted to the same tokens is renamed: the old name is lost and the new one
gained, since services ask for roles by name. Policy sets are compared folder by folder.

What a role gives is compared by its text: a longer `ttl` or one more grant is gained, a shorter
one or one less is lost, and a changed grant is both. So is a grant with a claim that the profile
now declares differently, and an added or removed `ttl`.

Issuers are compared setting by setting. A new issuer, another audience, key source, profile or
algorithm, a longer `max_age` or `leeway`, a larger `subject_limit` and another `authorized_party`
are gained; less of it is lost. A `jwks` file next to
the policies is compared key by key, by thumbprint. Changes by which `check` reports or proves less
(configuration, baseline, suppressions, assertions, privileged tags) are also listed, and count as
gained unless --accept-configuration is given.

With --base, the old version is read from the repository without running git, its hooks or its
filters, and without using its configuration. A folder that was added or removed is compared with
an empty policy set. A name that is both a tag and a branch is refused: write it in full.

A change is not decided if a condition uses a claim that now has another type, or is derived from
other claims.

The exit code is 0, unless --fail-on or --no-new-access makes a change count as a failure. It is 3
if it could not be decided whether there is such a change.";

pub(crate) const DIFF_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1, "unchanged": COUNT, "gained": COUNT, "lost": COUNT, "not_decided": COUNT,
   "issuers": [{"set", "issuer", "setting", "old", "new", "gained", "lost", "reason"}],
   "weakenings": [{"setting", "message", "file", "line"}],
   "documents": [{"set", "before", "now": {… `coverage` as in `check` …} or null}],
   "roles": [{"set", "old": NAME or null, "new": NAME or null,
              "gained": {"outcome", "token", "reason"}, "lost": {"outcome", "token", "reason"},
              "given": [{"what": "ttl" or "grant NAME", "old", "new", "gained", "lost"}]}]}
An outcome is "yes", "no" or "not_decided": whether some token gets the role only in the new
version, or only in the old one. A "yes" has a `token`, and "not_decided" a `reason`. `given` lists
changes of what the role gives: seconds, a text or null. They are included in the counts, which
are numbers of roles. `setting` is `issuer` for a whole issuer, `key` for one of its keys, or the
name of the setting in the policies."#;

pub(crate) const DECIDE_EXAMPLES: &str = "\
Examples:
  policy-check decide --policies policies/shop --jwks jwks.json --token token.jwt
  policy-check decide --policies policies/shop --jwks jwks.json --token - --role deploy-prod
  policy-check decide --policies policies/shop --fetch --token token.jwt
  policy-check decide --policies all.policy --jwks gitlab=gl.json --jwks github=gh.json --token -
  policy-check decide --policies policies/shop --jwks jwks.json --token - --format json";

pub(crate) const DECIDE_JSON: &str = r#"The JSON is one object, with the roles that the token may take, or only the one of `--role`:
  {"schema_version": 1, "verified": true, "issuer", "subject",
   "roles": [{"role", "allowed": true, "clause": {"index", "file", "line"},
              "ttl_seconds": SECONDS or null, "grants": {NAME: VALUE}}]}
`index` counts the `allow` clauses of the role from 1. A denied role has
  {"role", "allowed": false, "reason", "guard", "grant", "claim"}
with one of the reasons `unknown_role`, `issuer`, `audience`, `unverified`, `condition`, `guard`,
`grant_not_filled`. `guard` is there for the guard that does not hold, `grant` and `claim` for the
claim that has no value that may stand in the grant. If no role is allowed and a role compares a `sub`
that none of the issuer's layouts gives, there is also
  "layout": {"issuer", "derive": [LINE], "help"}
with the lines that the issuer could declare. For a refused token the object is
  {"schema_version": 1, "verified": false,
   "error": {"code", "message", "help", "check", "expected", "found", "off_by": {"amount", "unit"}}}
where `check` is `form`, `header`, `issuer`, `key`, `signature`, `claims`, `kind`, `times`, `audience` or
`subject`, and `unit` is `seconds`, `bytes` or `characters`."#;

/// The sources of keys.
pub(crate) const KEYS: &str = "\
Keys: `--jwks FILE` is used for every issuer that a token names. If a policy set has several
issuers, name the issuer of each file with `--jwks NAME=FILE`: otherwise one of them could sign for
another.
`--fetch` reads the keys from the location in the policies: the URL or the file of the issuer's
`jwks` (relative to the folder of the policy set), or else the one in its discovery document. Only
the issuer named by the token is contacted, and only if it is in the policies.";

pub(crate) const EXPLAIN_USAGE: &str = "\
policy-check explain [OPTIONS] --policies <PATH> --token <FILE> --jwks <[NAME=]FILE>
       policy-check explain [OPTIONS] --policies <PATH> --token <FILE> --fetch
       policy-check explain [OPTIONS] --policies <PATH> --claims <FILE>";

pub(crate) const EXPLAIN_EXAMPLES: &str = "\
Examples:
  policy-check explain --policies policies/shop --jwks jwks.json --token token.jwt
  policy-check explain --policies policies/shop --fetch --token token.jwt --role deploy-prod
  policy-check explain --policies policies/shop --claims claims.json --role '#prod'
  policy-check explain --policies policies/shop --claims - --issuer gitlab
  policy-check explain --policies policies/shop --claims claims.json --format html > why.html
  policy-check explain --policies policies/shop --claims last-week.jsonl
  policy-check explain --policies policies/shop --claims audit.jsonl --unused";

pub(crate) const EXPLAIN_DETAILS: &str = r#"✓ marks a comparison that holds, ✗ one that does not, ? one that is unknown: the claim is absent,
null, not of its type, or contradicts the claims it is derived from. A role is allowed only if a
clause and its guards are true. With `--claims` nothing is verified, and nothing is decided.

A denied role has the fewest claims that must have other values, with a value for each, and the
people who can change it. It is proved that fewer do not suffice; if more than 20 claims could be
changed, it is not decided. Derived claims, such as `sub`, follow the others and count as none, and
so do `iat` and `exp`, and the `ref_type` of a full `ref`. A known oddity of the token is named: the
case of letters, a `ref` with or without `refs/heads/`, other ids under the same names, a tag, a
merge request, a fork, another spelling of the environment, or several audiences.

Without `--role`, or with a selector, the allowed roles come first, and then the ten nearest denied
ones. It counts the roles for other projects (or repositories, and so on), and shows them only if
the token's own has none, or a selector asks for them.

A log has the claims of one token on each line. Its name must end in `.jsonl` or `.ndjson`, so that
it cannot be standard input. Its roles are counted, and for tokens without a role what would give
the nearest one. The exit code is always 0 for a log that can be read, without `--unused`.

With `--unused`, the `allow`s are listed that no token of the log took, each with what removing it would
lose, by proof: a token, nothing because its tokens get the role by another `allow`, or nothing because no
token can take it. An `allow` is listed as it is written: it is unused if no role of its `for` was got by it.
The log says from when to when it is: what runs once a year is not in the log of a week. A log may also be
the audit log of an exchange, which has the place of the `allow` of each grant. Give the policies of that
time: if a place is not in them, the unused `allow`s of its role are not decided. Whether lines were changed
or removed is not verified here: `rolecall-exchange audit verify` does that. The exit code is 0 if nothing is
unused, 1 if an `allow` or a role of a `for` is, and otherwise 3 if something is not decided.

The output tells what the policies accept. Do not show it to the bearer of the token.

The JSON is one object, as in `schemas/explain.schema.json`:
  {"schema_version": 1, "verified": BOOL, "issuer", "subject", "filled_in": [CLAIM],
   "roles": [{"role", "allowed", "clause": INDEX or null, "reason", "repair": REPAIR, "clauses": [
     {"index", "issuer", "file", "line", "holds",
      "iss": {"fits", "actual", "accepted"}, "aud": {"fits", "actual", "accepted"},
      "unverified": [CLAIM], "grants_not_filled": [{"grant", "claim", "message"}],
      "condition": CONDITION, "guards": [{"guard", "condition": CONDITION}]}]}],
   "further_allowed": [ROLE], "further_denied": [ROLE], "other_projects": [ROLE],
   "other_issuers": COUNT}
A CONDITION is one of
  {"kind": "all" or "any", "truth": TRUTH, "parts": [CONDITION]}
  {"kind": "comparison", "claim", "truth": TRUTH, "unknown", "actual", "floor", "accepted",
   "slight", "derived": [TEXT], "differences": [{"claim", "said", "actual"}],
   "derivation": {"file", "line", "text"}, "layout": {"issuer", "derive": [LINE], "help"},
   "file", "line", "column", "end_line", "end_column", "text"}
  {"kind": "external", "truth": TRUTH, "text", "file", "line", …}
  {"kind": "left_out" or "unknown", "truth": TRUTH}
where TRUTH is "true", "false" or "unknown", and `unknown` is `absent`, `null`, `not_of_type`,
`contradiction` or `no_text`. `slight` is there if the value differs from an accepted one only in
`case`, in `ids` after `@`, or in a `ref_prefix` such as `refs/heads/`. `floor` is the value of a time if
the token writes another number. A contradiction has the values that the claim could have (`derived`), and if they are known, the parts of
its text that differ from their claims (`differences`), a derivation that gives the text but does not
apply (`derivation`), or, if no layout of the issuer gives such a text, `layout` with the lines that the
issuer could declare. `reason` is `unknown_role` for a role that is not in the policies, and absent
otherwise. A REPAIR is
  {"outcome": "changes", "impossible", "other_issuer" or "not_decided", "reason",
   "changes": [{"claim", "from", "to", "by"}], "follows": [{"claim", "from", "to", "by"}],
   "oddity": {"code", "message", "help"}}
where `by` is `author`, `requester`, `administrator` or `policy`. For a log, the JSON is
  {"schema_version": 1, "tokens", "allowed", "unreadable", "problems": [{"line", "message"}],
   "roles": [{"role", "tokens"}],
   "repairs": [{"tokens", "role", "changes": [{"claim", "to"}], "oddities", "summary"}],
   "unused": {"log": "claims" or "audit", "from", "to", "without_time", "allows", "unused", "not_decided",
     "moved", "unknown_roles", "earlier", "roles": [{"role", "file", "line", "used", "unused_roles": [ROLE],
       "allows": [{"file", "line", "text", "outcome": "unused" or "not_decided", "message", "removal": {
         "outcome": "loses", "nothing", "no_token" or "not_decided", "token", "reason",
         "unless_removed": [{"file", "line"}]}}]}]}}
A refused token is reported as by `decide`."#;

pub(crate) const KEYS_EXAMPLES: &str = "\
Examples:
  policy-check keys --issuer https://gitlab.com
  policy-check keys --issuer https://gitlab.example --ca ca.pem --allow-private gitlab.example
  policy-check keys --jwks jwks.json
  policy-check keys --policies policies/shop --format json";

/// The verdicts on keys.
pub(crate) const VERDICTS: &str = "\
Each entry of a key set gets a verdict:
  usable   it verifies tokens, with the algorithms listed
  ignored  it has another purpose or a type that is not supported, or is the same key as an
           earlier entry; nothing is wrong
  finding  it is ignored because something is wrong: the key is weak, malformed or doubtful
  ALARM    it is ignored because it publishes a secret of its owner
The exit code is 0 if every set has usable keys and there are no findings or alarms. A file named by
`jwks` in policies is relative to the folder of the policy set.";

pub(crate) const KEYS_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1,
   "key_sets": [{"issuer", "jwks", "max_age_seconds": SECONDS or null,
                 "usable": COUNT, "ignored": COUNT, "findings": COUNT, "keys": [KEY]}]}
`issuer` is its name in the policies, or the URL of `--issuer`, or null. `jwks` is the source of the
keys, and `max_age_seconds` how long they may be cached, if the source says so. A KEY is one of
  {"index", "kid", "verdict": "usable", "kind", "bits", "algorithms": [NAME],
   "tokens": "id_token" or "jwt_svid", "thumbprint"}
  {"index", "kid", "verdict": "ignored", "finding" or "alarm", "reason": {"code", "message"}}
`index` counts the entries of the set from 1, `kid` is null if the entry has none that a token could
name, `kind` is `RSA` or the name of a curve, and `thumbprint` is that of RFC 7638. Alarms count as
findings, and findings as ignored."#;
