//! The same function on workers in processes of their own, by datafusion-distributed.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use datafusion::common::{exec_datafusion_err, exec_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{FunctionRegistry, SessionStateBuilder};
use datafusion::logical_expr::ScalarUDF;
use datafusion::physical_plan::{ExecutionPlan, displayable};
use datafusion::prelude::SessionContext;
use datafusion_distributed::{
    DistributedExt, NetworkBoundaryExt, SessionStateBuilderExt, Worker, WorkerQueryContext, WorkerResolver,
    display_plan_ascii,
};
use longspring::Composite;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use url::Url;

use crate::cities::external;
use crate::engine;
use crate::rows::Rows;
use crate::udf::Score;

/// A worker that starts says within this time where it listens.
const START: Duration = Duration::from_secs(30);

/// A worker that is to end is given this time, and then none.
const END: Duration = Duration::from_secs(5);

/// A query takes no longer; the channels to the workers, which know no limit, would wait for ever for one that stands still.
const QUERY: Duration = Duration::from_secs(300);

/// Processes that score, each on a port of this machine; they end with this value, or with this process.
pub struct Workers {
    processes: Vec<Child>,
    urls: Vec<Url>,
}

impl Workers {
    /// Starts so many, which learn the yardstick as a line of JSON: this program, which these arguments make a worker.
    pub fn start(number: usize, composite: &Composite, args: &[&str]) -> Result<Self> {
        let yardstick = serde_json::to_string(composite).map_err(external)?;
        let mut workers = Self { processes: Vec::new(), urls: Vec::new() };
        for _ in 0..number {
            let mut program = Command::new(std::env::current_exe()?);
            workers.processes.push(program.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?);
        }
        for process in &mut workers.processes {
            workers.urls.push(greet(process, yardstick.clone())?);
        }
        Ok(workers)
    }

    /// Where they listen.
    pub fn urls(&self) -> Vec<Url> {
        self.urls.clone()
    }

    /// Ends one as a failure of its machine would.
    #[cfg(test)]
    pub fn kill(&mut self, worker: usize) -> io::Result<ExitStatus> {
        self.processes[worker].kill()?;
        self.processes[worker].wait()
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        for process in &mut self.processes {
            drop(process.stdin.take());
        }
        for process in &mut self.processes {
            let _ = end(process);
        }
    }
}

/// Tells a worker the yardstick, and hears where it listens: in a thread, for neither need ever end.
fn greet(process: &mut Child, yardstick: String) -> Result<Url> {
    let (Some(mut input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
        return exec_err!("a worker has no input or no output");
    };
    let (say, hear) = mpsc::channel();
    thread::spawn(move || -> io::Result<()> {
        writeln!(input, "{yardstick}")?;
        let mut lines = BufReader::new(output).lines();
        // The program may say other things before.
        for line in lines.by_ref() {
            let line = line?;
            if line.starts_with("http://") {
                let _ = say.send((line, input));
                break;
            }
        }
        // And after, which must not fill the pipe.
        lines.try_for_each(|line| line.map(drop))
    });
    match hear.recv_timeout(START) {
        Ok((line, input)) => {
            process.stdin = Some(input);
            Url::parse(&line).map_err(external)
        }
        Err(RecvTimeoutError::Timeout) => exec_err!("a worker has not said within {START:?} where it listens"),
        Err(RecvTimeoutError::Disconnected) => {
            exec_err!("a worker ended before it said where it listens: {}", end(process)?)
        }
    }
}

/// How a process ends by itself, or is made to end.
fn end(process: &mut Child) -> io::Result<ExitStatus> {
    let start = Instant::now();
    while start.elapsed() < END {
        if let Some(status) = process.try_wait()? {
            return Ok(status);
        }
        thread::sleep(Duration::from_millis(10));
    }
    process.kill()?;
    process.wait()
}

/// What a worker's process does: it reads the yardstick, says where it listens, and serves until its input ends.
pub async fn work() -> Result<()> {
    let mut yardstick = String::new();
    io::stdin().read_line(&mut yardstick)?;
    let composite: Composite = serde_json::from_str(&yardstick).map_err(external)?;
    let incoming = listen()?;
    println!("{}", url(&incoming)?);
    // A thread of its own, for which no runtime waits: where serving fails first, the read must not keep the process.
    let (end, ended) = oneshot::channel();
    thread::spawn(|| end.send(io::copy(&mut io::stdin(), &mut io::sink())));
    let serve = serve(incoming, vec![Arc::new(Score::of(&composite, "renewal")?)]);
    tokio::select! {
        served = serve => served,
        ended = ended => ended.map_err(external)?.map(drop).map_err(DataFusionError::from),
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
    let worker = worker.with_runtime_env(engine::runtime()?);
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

/// Runs a query that scores on so many workers, and fails where the plan does not: what the planner will not share out stays with
/// the client, without a word.
pub async fn run(context: &SessionContext, sql: &str, workers: usize) -> Result<Rows> {
    let plan = context.sql(sql).await?.create_physical_plan().await?;
    let tasks = tasks(&plan, 0).unwrap_or(0);
    if tasks != workers {
        let plan = display_plan_ascii(plan.as_ref(), false);
        return exec_err!("the plan scores in {tasks} tasks on workers, and not in {workers}:\n{plan}");
    }
    let run = timeout(QUERY, engine::run(context, sql)).await;
    run.map_err(|_| exec_datafusion_err!("the workers have not answered within {QUERY:?}"))?
}

/// The fewest tasks of workers in which a plan scores: none where the client does, and nothing where nobody does.
///
/// Tasks go to the workers in turn, so as many as there are workers are one for each.
fn tasks(plan: &Arc<dyn ExecutionPlan>, own: usize) -> Option<usize> {
    let own = plan.as_network_boundary().map_or(own, |boundary| boundary.input_stage().task_count());
    let scores = displayable(plan.as_ref()).one_line().to_string().contains("longspring_");
    let below = plan.children().into_iter().filter_map(|child| tasks(child, own));
    below.chain(scores.then_some(own)).min()
}

/// Workers that do not change.
struct Known(Vec<Url>);

impl WorkerResolver for Known {
    fn get_urls(&self) -> Result<Vec<Url>> {
        Ok(self.0.clone())
    }
}
