//! Drift: an account that was exported from policies, and what changes by hand.

use crate::export::names;
use rolecall_analysis::Answer;
use rolecall_engine::{PolicySet, Source};
use rolecall_interop::{
    Document, Drift, DriftState, ForeignFile, Form, Names, RoleDrift, Target, constant_grants, drift, export,
    role_tokens,
};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

const ROLES: usize = 200;

/// Returns policies with many roles, of several forms.
fn policies() -> PolicySet {
    let mut text = r#"issuer gitlab {
  url "https://gitlab.com"
  profile gitlab-ci
  audience "https://sts.acme.example"
  derive sub = "project_path:{project_path}:ref_type:{ref_type}:ref:{ref}"
}
"#
    .to_owned();
    for number in 0..ROLES {
        let condition = match number % 4 {
            0 => format!(r#"project_id == "{number}" && ref_protected"#),
            1 => format!(r#"project == "acme/p{number}" && ref_type == "branch" && ref == "main""#),
            2 => format!(r#"project_id in ["{number}", "{number}0"] && ref like "release/*""#),
            _ => format!(r#"project under "acme/p{number}" && pipeline_source in ["push", "schedule"]"#),
        };
        text.push_str(&format!(
            "role r{number} {{\n  allow from gitlab when {condition}\n  grant aws_role = \"{}\"\n}}\n",
            arn(number)
        ));
    }
    PolicySet::compile([Source::new("roles.policy", text)]).unwrap()
}

fn arn(number: usize) -> String {
    format!("arn:aws:iam::123456789012:role/r{number}")
}

/// Returns the account that has the roles as they are exported.
fn account(set: &PolicySet) -> Vec<Json> {
    let roles = set.program().roles().iter().enumerate();
    let role = |(number, (id, role)): (usize, (_, &rolecall_engine::ir::Role))| {
        let exported = export(set, id, Target::Aws, &names(&role.name), BTreeMap::new()).unwrap();
        assert!(exported.missed.is_none(), "{}", role.name);
        let policy: Json = serde_json::from_str(&exported.documents[0][0].text).unwrap();
        json!({"RoleName": &*role.name, "Arn": arn(number), "AssumeRolePolicyDocument": policy})
    };
    roles.map(role).collect()
}

fn compared(set: &PolicySet, roles: &[Json]) -> Drift {
    let provider =
        json!({"Url": "gitlab.com", "ClientIDList": ["https://sts.acme.example", "sts.amazonaws.com"]});
    let document = json!([{"RoleDetailList": roles}, provider]).to_string();
    let live = ForeignFile::read(Source::new("account.json", document)).unwrap();
    drift(set, &[live], BTreeMap::new()).unwrap()
}

fn of<'d>(drift: &'d Drift, name: &str) -> &'d RoleDrift {
    let resource = format!("arn:aws:iam::123456789012:role/{name}");
    drift
        .roles
        .iter()
        .find(|role| role.resource.name == resource)
        .unwrap()
}

#[test]
fn each_change_by_hand_is_found_and_nothing_else() {
    let set = policies();
    let mut roles = account(&set);
    let before = compared(&set, &roles);
    for role in &before.roles {
        assert!(role.is_equal(), "{role:?}");
    }
    assert_eq!(before.roles.len(), ROLES);
    // The audiences are compared on their own: the provider has another one.
    let [(issuer, [ours, live])] = before.audiences.as_slice() else {
        panic!("{:?}", before.audiences);
    };
    assert_eq!(issuer, "https://gitlab.com");
    assert!(ours.len() == 1 && live.len() == 2);

    let key = |name: &str| format!("gitlab.com:{name}");
    let conditions = |roles: &mut Vec<Json>, number: usize, change: &dyn Fn(&mut Json)| {
        let role = &mut roles[number];
        change(&mut role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]);
    };
    let remove = |operator: &'static str, name: &'static str| {
        move |condition: &mut Json| {
            condition[operator]
                .as_object_mut()
                .unwrap()
                .remove(&key(name))
                .unwrap();
        }
    };
    let set_to = |operator: &'static str, name: &'static str, value: Json| {
        move |condition: &mut Json| condition[operator][key(name)] = value.clone()
    };
    // Wider: a condition is gone, another value is added, a wildcard is longer.
    conditions(&mut roles, 0, &remove("StringEquals", "ref_protected"));
    conditions(&mut roles, 4, &remove("StringEquals", "project_id"));
    conditions(
        &mut roles,
        2,
        &set_to("StringEquals", "project_id", json!(["2", "20", "99"])),
    );
    conditions(&mut roles, 6, &set_to("StringLike", "sub", json!("*")));
    conditions(&mut roles, 3, &remove("StringEquals", "pipeline_source"));
    // Narrower: another condition, one value less, another branch alone.
    conditions(
        &mut roles,
        8,
        &set_to("StringEquals", "namespace_id", json!("72")),
    );
    conditions(&mut roles, 10, &set_to("StringEquals", "project_id", json!("10")));
    conditions(
        &mut roles,
        7,
        &set_to("StringEquals", "pipeline_source", json!("push")),
    );
    // Both: another value.
    conditions(&mut roles, 12, &set_to("StringEquals", "project_id", json!("13")));
    conditions(
        &mut roles,
        1,
        &set_to(
            "StringEquals",
            "sub",
            json!("project_path:acme/p1:ref_type:branch:ref:next"),
        ),
    );
    // One role is gone, and one is new.
    roles.remove(199);
    let mut other = roles[16].clone();
    other["RoleName"] = json!("unknown");
    other["Arn"] = json!("arn:aws:iam::123456789012:role/unknown");
    roles.push(other);

    let after = compared(&set, &roles);
    let changed: Vec<&RoleDrift> = after.roles.iter().filter(|role| !role.is_equal()).collect();
    assert_eq!(changed.len(), 12, "{changed:?}");
    let is_token = |answer: &Answer| matches!(answer, Answer::Token(_));
    let tokens = |name: &str| match &of(&after, name).state {
        DriftState::Compared { wider, narrower } => (is_token(wider), is_token(narrower)),
        other => panic!("{name}: {other:?}"),
    };
    for name in ["r0", "r4", "r2", "r6", "r3"] {
        assert_eq!(tokens(name), (true, false), "{name}");
    }
    for name in ["r8", "r10", "r7"] {
        assert_eq!(tokens(name), (false, true), "{name}");
    }
    for name in ["r12", "r1"] {
        assert_eq!(tokens(name), (true, true), "{name}");
    }
    assert!(matches!(of(&after, "r199").state, DriftState::Missing));
    assert!(matches!(of(&after, "unknown").state, DriftState::Unknown));
}

#[test]
fn roles_that_are_not_compared_are_never_equal() {
    let set = policies();
    let mut roles = account(&set);
    roles.truncate(4);
    roles[0]["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]["StringEquals"]["gitlab.com:sub"] =
        json!("${aws:PrincipalTag/project}");
    let other = json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::210987654321:root"}, "Action": "sts:AssumeRole"});
    roles[1]["AssumeRolePolicyDocument"]["Statement"]
        .as_array_mut()
        .unwrap()
        .push(other);
    let found = compared(&set, &roles);
    assert!(
        matches!(of(&found, "r0").state, DriftState::Untranslated(_)),
        "{:?}",
        of(&found, "r0")
    );
    assert!(of(&found, "r1").is_equal());
    assert_eq!(
        of(&found, "r1").also_admits,
        ["AWS:arn:aws:iam::210987654321:root"]
    );
    assert!(matches!(of(&found, "r4").state, DriftState::Missing));
}

#[test]
fn an_audience_that_is_excluded_hides_nothing() {
    let policy = r#"
        issuer gitlab {
          url "https://gitlab.com"
          profile gitlab-ci
          audience ["https://sts.acme.example", "other"]
          derive sub = "project_path:{project_path}:ref_type:{ref_type}:ref:{ref}"
        }
        role r0 {
          allow from gitlab when project_id == "0" && ref_protected && !(aud == "other")
          grant aws_role = "arn:aws:iam::123456789012:role/r0"
        }
    "#;
    let set = PolicySet::compile([Source::new("roles.policy", policy)]).unwrap();
    let roles = account(&policies());
    assert!(of(&compared(&set, &roles[..1]), "r0").is_equal());
    // The same role in two documents is neither.
    let twice = compared(&set, &[roles[0].clone(), roles[0].clone()]);
    let state = &of(&twice, "r0").state;
    assert!(
        matches!(state, DriftState::Untranslated("role-given-twice")),
        "{state:?}"
    );
}

/// A role with a grant for each system, and its exported documents.
const OF_ALL_SYSTEMS: &str = r#"
    issuer gitlab {
      url "https://gitlab.com"
      profile gitlab-ci
      audience "https://sts.acme.example"
      derive sub = "project_path:{project_path}:ref_type:{ref_type}:ref:{ref}"
    }
    role shop {
      allow from gitlab when project == "acme/shop" && project_id == "4242" && ref_type == "branch" && ref == "main"
      grant audience = "https://sts.acme.example"
      grant aws_role = "arn:aws:iam::123456789012:role/shop"
      grant azure_client = "11111111-2222-3333-4444-555555555555/66666666-7777-8888-9999-000000000000"
      grant gcp_provider = "//iam.googleapis.com/projects/1234/locations/global/workloadIdentityPools/shop/providers/gitlab"
      grant gcp_service_account = "shop@acme-prod.iam.gserviceaccount.com"
      grant octo_sts = "acme/website#releases"
      grant vault_role = "ops/auth/jwt:Shop"
    }
    role branch {
      allow from gitlab when project == "acme/shop" && ref_type == "branch" && ref == "main"
      grant azure_client = "11111111-2222-3333-4444-555555555555/aaaaaaaa-7777-8888-9999-000000000000"
    }
"#;

fn exported(set: &PolicySet, role: &str, target: Target, form: Form) -> Vec<Document> {
    let id = set.program().role(role).unwrap();
    let mut names = Names::new(role, constant_grants(set.program(), id));
    names.form = form;
    let export = export(set, id, target, &names, BTreeMap::new()).unwrap();
    assert!(export.missed.is_none());
    export.documents.into_iter().flatten().collect()
}

/// Compares a set with documents, each with its name, and returns the states of what is compared.
fn states(set: &PolicySet, documents: &[(&str, &str)]) -> BTreeMap<String, String> {
    let read = |(name, text): &(&str, &str)| ForeignFile::read(Source::new(*name, *text)).unwrap();
    let live: Vec<ForeignFile> = documents.iter().map(read).collect();
    let drift = drift(set, &live, BTreeMap::new()).unwrap();
    let state = |role: &RoleDrift| match &role.state {
        DriftState::Compared { .. } if role.is_equal() => "equal".to_owned(),
        DriftState::Compared {
            wider: Answer::Token(_),
            ..
        } => "wider".to_owned(),
        DriftState::Compared { .. } => "narrower".to_owned(),
        DriftState::Untranslated(code) => (*code).to_owned(),
        other => format!("{other:?}"),
    };
    let roles = drift
        .roles
        .iter()
        .map(|role| (role.resource.name.clone(), state(role)));
    let left_out = drift
        .not_compared
        .keys()
        .map(|target| (format!("{target:?}"), "not compared".to_owned()));
    roles.chain(left_out).collect()
}

#[test]
fn each_system_is_compared_by_its_grant() {
    let set = PolicySet::compile([Source::new("shop.policy", OF_ALL_SYSTEMS)]).unwrap();
    let one = |documents: &[(&str, &str)], resource: &str| states(&set, documents).get(resource).cloned();
    // What the file calls a role is its name, where the document has none.
    let vault = exported(&set, "shop", Target::Vault, Form::Json);
    let [mount, role] = vault.as_slice() else {
        panic!("{vault:?}")
    };
    let documents = [
        ("config.json", mount.text.as_str()),
        ("live/shop.json", role.text.as_str()),
    ];
    assert_eq!(one(&documents, "ops/auth/jwt:Shop").as_deref(), Some("equal"));
    let wider = role.text.replace("4242", "42");
    let documents = [
        ("config.json", mount.text.as_str()),
        ("live/shop.json", wider.as_str()),
    ];
    assert_eq!(one(&documents, "ops/auth/jwt:Shop").as_deref(), Some("wider"));
    let documents = [
        ("config.json", mount.text.as_str()),
        ("live/other.json", role.text.as_str()),
    ];
    let found = states(&set, &documents);
    assert_eq!(found["ops/auth/jwt:Shop"], "Missing");
    assert_eq!(found["other"], "Unknown");
    assert_eq!(found["Aws"], "not compared");
    let octo_sts = exported(&set, "shop", Target::OctoSts, Form::Json);
    let documents = [("releases.sts.yaml", octo_sts[0].text.as_str())];
    assert_eq!(one(&documents, "acme/website#releases").as_deref(), Some("equal"));
    let google = exported(&set, "shop", Target::Google, Form::Json);
    let [provider, policy] = google.as_slice() else {
        panic!("{google:?}")
    };
    let documents = [
        ("provider.json", provider.text.as_str()),
        (
            "shop@acme-prod.iam.gserviceaccount.com.json",
            policy.text.as_str(),
        ),
    ];
    let email = "shop@acme-prod.iam.gserviceaccount.com";
    assert_eq!(one(&documents, email).as_deref(), Some("equal"));
    let wider = provider
        .text
        .replace(r#"assertion.ref == 'main'"#, "true")
        .replace(r#"assertion.ref == \"main\""#, "true");
    assert_ne!(wider, provider.text, "{wider}");
    let documents = [("provider.json", wider.as_str()), documents[1]];
    assert_eq!(one(&documents, email).as_deref(), Some("wider"));
}

#[test]
fn the_trust_in_an_exchange_is_compared_with_role_tokens() {
    let set = PolicySet::compile([Source::new("shop.policy", OF_ALL_SYSTEMS)]).unwrap();
    let roles: Vec<_> = set.program().roles().ids().collect();
    let trust = role_tokens(&set, &roles, "https://sts.acme.example/sub", &[Target::Aws]).unwrap();
    let policy = exported(&trust, "shop", Target::Aws, Form::Json);
    let arn = "arn:aws:iam::123456789012:role/shop";
    // The file has the name of the role.
    let documents = [("shop.json", policy[0].text.as_str())];
    assert_eq!(states(&trust, &documents)[arn], "equal");
    let wider = policy[0]
        .text
        .replace("role:shop", "role:*")
        .replace("StringEquals", "StringLike");
    assert_eq!(states(&trust, &[("shop.json", &wider)])[arn], "wider");
    // The trust in the tokens of jobs is another one.
    let direct = exported(&set, "shop", Target::Aws, Form::Json);
    assert_eq!(states(&trust, &[("shop.json", &direct[0].text)])[arn], "wider");
    assert_eq!(states(&set, &[("shop.json", &direct[0].text)])[arn], "equal");
}

#[test]
fn resources_of_terraform_have_the_names_of_grants() {
    let set = PolicySet::compile([Source::new("shop.policy", OF_ALL_SYSTEMS)]).unwrap();
    let vault = exported(&set, "shop", Target::Vault, Form::Terraform);
    let found = states(&set, &[("vault.tf", &vault[0].text)]);
    assert_eq!(found["ops/auth/jwt:Shop"], "equal", "{}", vault[0].text);
    let credentials = exported(&set, "branch", Target::Azure, Form::Json);
    let credentials: serde_json::Value = serde_json::from_str(&credentials[0].text).unwrap();
    let application = serde_json::json!({"value": [{
        "id": "bbbbbbbb-0000-0000-0000-000000000000",
        "appId": "AAAAAAAA-7777-8888-9999-000000000000",
        "displayName": "Shop",
        "federatedIdentityCredentials": credentials,
    }]});
    let found = states(&set, &[("applications.json", &application.to_string())]);
    let client = "11111111-2222-3333-4444-555555555555/aaaaaaaa-7777-8888-9999-000000000000";
    assert_eq!(found[client], "equal", "{found:?}");
}
