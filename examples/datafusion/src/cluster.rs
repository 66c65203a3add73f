//! The same function on workers in processes of their own, by datafusion-distributed.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{FunctionRegistry, SessionStateBuilder};
use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::SessionContext;
use datafusion_distributed::{DistributedExt, SessionStateBuilderExt, Worker, WorkerQueryContext, WorkerResolver};
use longspring::Composite;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use url::Url;

use crate::cities::external;
use crate::udf::Score;

/// Processes that score, each on a port of this machine; they end with this value, or with this process.
pub struct Workers(Vec<(Child, Url)>);

impl Workers {
    /// Starts so many, which learn the yardstick as a line of JSON.
    pub fn start(number: usize, composite: &Composite) -> Result<Self> {
        let yardstick = serde_json::to_string(composite).map_err(external)?;
        let mut workers = Self(Vec::new());
        for _ in 0..number {
            let program = std::env::current_exe()?;
            let mut worker =
                Command::new(program).arg("worker").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
            if let Some(input) = &mut worker.stdin {
                writeln!(input, "{yardstick}")?;
            }
            let mut url = String::new();
            if let Some(output) = &mut worker.stdout {
                BufReader::new(output).read_line(&mut url)?;
            }
            workers.0.push((worker, Url::parse(url.trim_end()).map_err(external)?));
        }
        Ok(workers)
    }

    /// Where they listen.
    pub fn urls(&self) -> Vec<Url> {
        self.0.iter().map(|(_, url)| url.clone()).collect()
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        for (worker, _) in &mut self.0 {
            drop(worker.stdin.take());
            let _ = worker.wait();
        }
    }
}

/// What a worker's process does: it reads the yardstick, says where it listens, and serves until its input ends.
pub async fn work() -> Result<()> {
    let mut yardstick = String::new();
    io::stdin().read_line(&mut yardstick)?;
    let composite: Composite = serde_json::from_str(&yardstick).map_err(external)?;
    let incoming = listen()?;
    println!("{}", url(&incoming)?);
    let end = tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink()));
    let serve = serve(incoming, vec![Arc::new(Score::of(&composite, "renewal")?)]);
    tokio::select! {
        served = serve => served,
        ended = end => ended.map_err(external)?.map(drop).map_err(DataFusionError::from),
    }
}

/// A port of this machine that is free.
pub fn listen() -> Result<TcpIncoming> {
    Ok(TcpIncoming::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?)
}

/// Where it listens.
pub fn url(incoming: &TcpIncoming) -> Result<Url> {
    Url::parse(&format!("http://{}", incoming.local_addr()?)).map_err(external)
}

/// Serves as a worker that knows these functions besides the engine's own.
///
/// They are registered, for `with_scalar_functions` of the builder would put them in place of the engine's.
pub async fn serve(incoming: TcpIncoming, functions: Vec<Arc<ScalarUDF>>) -> Result<()> {
    let worker = Worker::from_session_builder(move |query: WorkerQueryContext| {
        let mut state = query.builder.build();
        let known = functions.iter().try_for_each(|function| state.register_udf(function.clone()).map(drop));
        async move { known.map(|()| state) }
    });
    Server::builder().add_service(worker.into_worker_server()).serve_with_incoming(incoming).await.map_err(external)
}

/// The session, its tables and its functions, but on these workers.
pub fn context(session: &SessionContext, workers: Vec<Url>) -> Result<SessionContext> {
    let mut state = session.state();
    // A plan of one partition, as one core has it, would stay with the client.
    let partitions = &mut state.config_mut().options_mut().execution.target_partitions;
    *partitions = (*partitions).max(2);
    let state = SessionStateBuilder::new_from_existing(state)
        .with_distributed_worker_resolver(Known(workers))
        .with_distributed_planner()
        // Few bytes for each task, so that a small table is shared out too.
        .with_distributed_file_scan_config_bytes_per_partition(1)?
        .build();
    Ok(state.into())
}

/// Workers that do not change.
struct Known(Vec<Url>);

impl WorkerResolver for Known {
    fn get_urls(&self) -> Result<Vec<Url>> {
        Ok(self.0.clone())
    }
}
