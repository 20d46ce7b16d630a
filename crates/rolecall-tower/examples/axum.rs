//! A route for the jobs that get the role `deploy`.

use axum::{Router, routing::post};
use rolecall::{Gate, HttpKeys, KeySources, policies_from_folder};
use rolecall_tower::{HttpGate, RequireRole, Role, UnknownRole};

struct Deploy;

impl Role for Deploy {
    const NAME: &'static str = "deploy";
}

async fn deploy(ruling: RequireRole<Deploy>) -> String {
    format!("deployed by {}\n", ruling.token().subject())
}

fn service(gate: Gate) -> Result<Router, UnknownRole> {
    let gate = HttpGate::new(gate).require(Deploy::NAME)?;
    Ok(Router::new().route("/deploy", post(deploy)).with_state(gate))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policies = policies_from_folder("examples/policies")?;
    let gate = Gate::builder(policies, KeySources::new().otherwise(HttpKeys::new())).build()?;
    let _watch = gate.watch("examples/policies")?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, service(gate)?).await?)
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use rolecall::testing::TestIssuer;
    use tower::ServiceExt;

    #[tokio::test]
    async fn only_the_main_branch_deploys() -> Result<(), Box<dyn std::error::Error>> {
        let policies = rolecall::policies_from_folder("examples/policies")?;
        let gitlab = TestIssuer::of(&policies, "gitlab");
        let gate = rolecall::Gate::builder(policies, gitlab.keys()).build()?;
        for (branch, status) in [("main", 200), ("feature", 403)] {
            let token = gitlab.token(serde_json::json!({
                "project_path": "acme/shop", "project_id": "4242", "ref_type": "branch", "ref": branch,
                "ref_protected": "true", "pipeline_source": "push",
            }));
            let request = Request::post("/deploy").header("authorization", format!("Bearer {token}"));
            let response = super::service(gate.clone())?
                .oneshot(request.body(Body::empty())?)
                .await?;
            assert_eq!(response.status(), status, "{branch}");
        }
        Ok(())
    }
}
