//! A real server and a real client of gRPC: tonic's service for health checks, behind the guard.

use std::net::SocketAddr;

use http::Request as HttpRequest;
use rolecall::Ruling;
use rolecall_tower::GuardLayer;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::{Channel, Server};
use tonic::{Code, Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::server::health_reporter;

use crate::stage::{good, stage};

/// Asks the service with this `authorization`, if there is one.
async fn check(address: SocketAddr, authorization: Option<&str>) -> Result<i32, Status> {
    let channel = Channel::from_shared(format!("http://{address}")).unwrap();
    let mut client = HealthClient::new(channel.connect().await.unwrap());
    let mut request = Request::new(HealthCheckRequest::default());
    if let Some(value) = authorization {
        let value = value.parse().unwrap();
        request.metadata_mut().insert("authorization", value);
    }
    let answer = client.check(request).await?;
    Ok(answer.into_inner().status)
}

/// Serves behind a guard for a role, until the test ends. The ruling must be in the extensions of each request.
async fn serve(layer: GuardLayer) -> SocketAddr {
    let (_reporter, health) = health_reporter();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let has_ruling = tower::util::MapRequestLayer::new(|request: HttpRequest<tonic::body::Body>| {
        assert!(request.extensions().get::<Ruling>().is_some());
        request
    });
    let server = Server::builder()
        .layer(layer)
        .layer(has_ruling)
        .add_service(health);
    tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
    address
}

#[tokio::test]
async fn a_real_server_and_client_agree_on_the_status() {
    let (gate, issuer) = stage();
    let token = format!("Bearer {}", good(&issuer));
    let open = serve(GuardLayer::new(gate.clone(), "deploy").unwrap().grpc()).await;
    assert_eq!(check(open, Some(&token)).await.unwrap(), 1, "serving");
    let refused = [
        (None, Code::Unauthenticated),
        (Some("Basic eDp5"), Code::Unauthenticated),
        (Some("Bearer x.y.z"), Code::Unauthenticated),
    ];
    for (authorization, code) in refused {
        let status = check(open, authorization).await.unwrap_err();
        assert_eq!(status.code(), code, "{authorization:?}");
    }
    let closed = serve(GuardLayer::new(gate, "admin").unwrap().grpc()).await;
    let status = check(closed, Some(&token)).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);
    assert!(!status.message().contains("acme"), "{status:?}");
}
