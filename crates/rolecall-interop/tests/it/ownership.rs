//! Names that roles compare, and dumps of the APIs of GitLab and GitHub.

use rolecall_engine::{PolicySet, Source};
use rolecall_interop::{ComparedName, ForeignFile, Profiles, Projects, Standing, ownership, translate};
use serde_json::{Value as Json, json};

const POLICY: &str = r#"
    issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "a" }
    issuer github { url "https://token.actions.githubusercontent.com" profile github-actions audience "a" }
    role deploy {
      allow from gitlab when project == "acme/shop" && project_id == "4242" && ref_protected
      allow from github when repository == "acme/web" && repository_id == "7"
    }
    role review { allow from gitlab when project in ["acme/shop", "acme/gone", "other/tool"] }
    role all { allow from gitlab when project under "acme/group" || sub like "project_path:acme/old:*" }
    role subject { allow from github when sub like "repo:acme@72/docs@8:ref:*" || sub == "repo:octo/app:pull_request" }
"#;

fn project(id: u64, path: &str) -> Json {
    let (owner, _) = path.rsplit_once('/').unwrap();
    json!({
        "id": id,
        "path_with_namespace": path,
        "web_url": format!("https://gitlab.com/{path}"),
        "namespace": {"id": 70, "full_path": owner},
    })
}

fn repository(id: u64, path: &str, owner_id: u64) -> Json {
    let (owner, _) = path.split_once('/').unwrap();
    json!({
        "id": id,
        "full_name": path,
        "html_url": format!("https://github.com/{path}"),
        "owner": {"login": owner, "id": owner_id},
    })
}

fn group() -> Json {
    json!({"id": 70, "full_path": "acme", "web_url": "https://gitlab.com/groups/acme"})
}

fn found(dumps: &[Json]) -> Vec<ComparedName> {
    let set = PolicySet::compile([Source::new("names.policy", POLICY)]).unwrap();
    let mut projects = Projects::default();
    for dump in dumps {
        projects.read(&dump.to_string()).unwrap();
    }
    ownership(&set, &projects)
}

fn standing(names: &[ComparedName], path: &str) -> Standing {
    let name = names.iter().find(|name| name.path == path);
    name.unwrap_or_else(|| panic!("{path}: {names:?}"))
        .standing
        .clone()
}

#[test]
fn names_are_ours_or_other_owner_or_free() {
    let names = found(&[
        group(),
        json!({"id": 90, "full_path": "acme/group", "web_url": "https://gitlab.com/groups/acme/group"}),
        json!([
            project(4242, "acme/shop"),
            project(11, "acme/new"),
            project(5, "other/tool")
        ]),
        json!({"id": 72, "login": "acme", "html_url": "https://github.com/acme", "public_repos": 1, "total_private_repos": 1}),
        json!([
            repository(9, "acme/web", 72),
            repository(8, "acme/docs", 72),
            repository(7, "acme/moved", 72),
            repository(3, "octo/app", 4)
        ]),
    ]);
    let id = |id: &str| id.to_owned();
    assert_eq!(standing(&names, "acme/shop"), Standing::Ours { id: id("4242") });
    assert_eq!(standing(&names, "acme/gone"), Standing::Unregistered);
    assert_eq!(standing(&names, "acme/old"), Standing::Unregistered);
    assert_eq!(
        standing(&names, "other/tool"),
        Standing::OtherOwner { id: id("5") }
    );
    assert_eq!(standing(&names, "acme/group"), Standing::Ours { id: id("90") });
    assert_eq!(
        standing(&names, "acme/web"),
        Standing::OtherId {
            id: id("9"),
            compared: id("7"),
            renamed_to: Some("acme/moved".to_owned()),
        }
    );
    assert_eq!(standing(&names, "acme/docs"), Standing::Ours { id: id("8") });
    assert_eq!(standing(&names, "octo/app"), Standing::OtherOwner { id: id("3") });
    let shop = names.iter().find(|name| name.path == "acme/shop").unwrap();
    let roles: Vec<(&str, bool)> = shop
        .roles
        .iter()
        .map(|(role, pinned)| (role.as_str(), *pinned))
        .collect();
    assert_eq!(roles, [("deploy", true), ("review", false)]);
}

#[test]
fn a_dump_that_can_be_incomplete_is_never_clean() {
    let page: Vec<Json> = (0..20)
        .map(|number| project(number, &format!("acme/p{number}")))
        .collect();
    let names = found(&[group(), json!(page)]);
    assert!(matches!(standing(&names, "acme/gone"), Standing::Unknown(_)));
    // Pages in a list, of which the last one is not full.
    let names = found(&[group(), json!([page, [project(4242, "acme/shop")]])]);
    assert_eq!(standing(&names, "acme/gone"), Standing::Unregistered);
    // A list without the groups in a group says nothing about them.
    let policy = "issuer gitlab { url \"https://gitlab.com\" profile gitlab-ci audience \"a\" }
        role r { allow from gitlab when project in [\"acme/group/gone\", \"acme/other/gone\"] }";
    let set = PolicySet::compile([Source::new("names.policy", policy)]).unwrap();
    let mut projects = Projects::default();
    for dump in [
        group(),
        json!([project(1, "acme/shop"), project(2, "acme/group/tool")]),
    ] {
        projects.read(&dump.to_string()).unwrap();
    }
    let names = ownership(&set, &projects);
    assert_eq!(standing(&names, "acme/group/gone"), Standing::Unregistered);
    assert!(matches!(
        standing(&names, "acme/other/gone"),
        Standing::Unknown(_)
    ));
    // The group alone says nothing about its projects, and projects alone do not say whose they are.
    assert!(matches!(
        standing(&found(&[group()]), "acme/gone"),
        Standing::Unknown(_)
    ));
    let names = found(&[json!([project(4242, "acme/shop")])]);
    assert!(matches!(standing(&names, "acme/shop"), Standing::Unknown(_)));
    assert!(matches!(standing(&names, "acme/gone"), Standing::Unknown(_)));
    // The organization has more repositories than the list.
    let organization = |count: u64| json!({"id": 72, "login": "octo", "html_url": "https://github.com/octo", "public_repos": count, "total_private_repos": 0});
    let repositories = json!([repository(1, "octo/one", 72)]);
    assert_eq!(
        standing(&found(&[organization(1), repositories.clone()]), "octo/app"),
        Standing::Unregistered
    );
    assert!(matches!(
        standing(&found(&[organization(2), repositories]), "octo/app"),
        Standing::Unknown(_)
    ));
}

#[test]
fn excluded_names_and_lists_with_ids_are_no_alarm() {
    let policy = "issuer gitlab { url \"https://gitlab.com\" profile gitlab-ci audience \"a\" }
        role r { allow from gitlab when project in [\"acme/shop\", \"acme/web\"] && project_id in [\"1\", \"2\"] }
        role s { allow from gitlab when project_id == \"1\" && !(project == \"evil/shop\") && project != \"evil/web\" }";
    let set = PolicySet::compile([Source::new("names.policy", policy)]).unwrap();
    let mut projects = Projects::default();
    for dump in [group(), json!([project(1, "acme/shop"), project(2, "acme/web")])] {
        projects.read(&dump.to_string()).unwrap();
    }
    let names = ownership(&set, &projects);
    let found: Vec<(&str, &Standing)> = names
        .iter()
        .map(|name| (name.path.as_str(), &name.standing))
        .collect();
    let ours = |id: &str| Standing::Ours { id: id.to_owned() };
    assert_eq!(found, [("acme/shop", &ours("1")), ("acme/web", &ours("2"))]);
}

#[test]
fn other_servers_have_other_names() {
    let server = |path: &str| {
        let mut project = project(4242, path);
        project["web_url"] = json!(format!("https://gitlab.corp.example/{path}"));
        project
    };
    let names = found(&[group(), json!([server("acme/shop")])]);
    assert!(matches!(standing(&names, "acme/shop"), Standing::Unknown(_)));
    let mut projects = Projects::default();
    for text in [
        "{}",
        "[{}]",
        "3",
        "[[{\"id\": 1}]]",
        "{\"id\": \"x\", \"full_name\": \"a/b\"}",
        "[",
    ] {
        projects.read(text).unwrap_err();
    }
    projects.read("[]").unwrap();
}

#[test]
fn documents_are_asked_like_policies() {
    let trust = r#"{"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringLike": {
            "token.actions.githubusercontent.com:sub": ["repo:acme/shop:*", "repo:acme/*"],
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}}]}"#;
    let file = ForeignFile::read(Source::new("trust.json", trust)).unwrap();
    let translation = translate(&[file], &Profiles::default());
    let set = PolicySet::compile_files(translation.files).unwrap();
    let mut projects = Projects::default();
    projects.add_owner("acme");
    projects
        .read(&json!([repository(1, "acme/shop", 72)]).to_string())
        .unwrap();
    let names = ownership(&set, &projects);
    assert_eq!(
        standing(&names, "acme/shop"),
        Standing::Ours { id: "1".to_owned() }
    );
    assert_eq!(standing(&names, "acme"), Standing::Ours { id: "72".to_owned() });
}
