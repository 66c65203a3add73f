use std::path::PathBuf;

use datafusion::arrow::array::{Array, AsArray, Float64Array};
use datafusion::arrow::datatypes::Float64Type;
use datafusion::prelude::SessionContext;
use longspring::{Composite, Dataset, Method, Screening};
#[cfg(feature = "cluster")]
use {std::sync::Arc, std::time::Duration, tokio::task::JoinSet, tokio::time::timeout};

use crate::rows::Rows;

use super::*;

/// A folder of cities that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str, rows: usize, files: usize) -> Self {
        let folder = std::env::temp_dir().join(format!("longspring-{test}-{}", std::process::id()));
        cities::write(&cities::framework().unwrap(), rows, files, &folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn composite() -> Composite {
    composite_by(&Method::new())
}

fn composite_by(method: &Method) -> Composite {
    let framework = cities::framework().unwrap();
    let table = longspring::arrow::dataset(&framework, &cities::batch(&framework, 0..50).unwrap()).unwrap();
    method.fit(&framework, &table).unwrap()
}

/// The first value of the first column.
async fn ask(context: &SessionContext, sql: &str) -> Result<Option<f64>> {
    let batches = context.sql(sql).await?.collect().await?;
    let column: &Float64Array = batches[0].column(0).as_primitive::<Float64Type>();
    Ok(column.is_valid(0).then(|| column.value(0)))
}

#[tokio::test]
async fn the_engine_and_the_process_agree() {
    let framework = cities::framework().unwrap();
    let folder = Folder::new("agree", 3_000, 5);
    let table = alone::read(&framework, &folder.0).unwrap();
    assert_eq!(table.len(), 3_000);
    for method in [
        Method::new(),
        Method::new()
            .normalisation(longspring::Normalisation::MinMax { low: 1.0, high: 100.0 })
            .aggregation(longspring::Aggregation::Geometric),
        Method::new().screening(Screening::new().indicators_available(0.5)).coverage(1.0),
    ] {
        let context = engine::context(&folder.0).await.unwrap();
        let (composite, passes) = fit::fit(&context, "cities", &framework, &method).await.unwrap();
        assert!(passes >= 2);
        let whole = method.fit(&framework, &table).unwrap();
        assert_eq!(composite, whole);

        context.register_udf(udf::Score::of(&composite, "renewal").unwrap());
        let scored = engine::run(&context, &engine::score_sql(&framework)).await.unwrap();
        let ranked = engine::run(&context, &engine::rank_sql(&framework)).await.unwrap();
        assert_eq!((scored, ranked), alone::rank(&whole, &table).unwrap());
        assert_eq!(scored, alone::score(&whole, &folder.0).unwrap());
        assert_eq!(scored.count, 3_000);
    }
}

#[tokio::test]
async fn a_comparison_sees_every_bit() {
    let mut rows = [Rows::default(), Rows::default(), Rows::default(), Rows::default(), Rows::default()];
    rows[0].row("a", Some(1.0), Some(1));
    rows[1].row("b", Some(1.0), Some(1));
    rows[2].row("a", Some(1.0_f64.next_up()), Some(1));
    rows[3].row("a", Some(1.0), Some(2));
    rows[4].row("a", None, None);
    for i in 0..rows.len() {
        assert!(rows[..i].iter().all(|other| *other != rows[i]));
    }
}

#[tokio::test]
async fn nulls_are_missing_figures() {
    let (context, composite) = (SessionContext::new(), composite());
    context.register_udf(udf::Score::of(&composite, "renewal").unwrap());
    let one = |figures: [Option<f64>; 8]| {
        let mut builder = Dataset::builder(composite.framework(), ["here"]);
        for (series, figure) in composite.framework().series().zip(figures) {
            builder = builder.column(&series.code, [figure]);
        }
        composite.score(&builder.build().unwrap()).unwrap().score("here", "renewal").unwrap()
    };
    let all = [Some(50.0); 8];
    let mut some = all;
    (some[1], some[2]) = (None, None);
    assert_ne!(one(all), one(some));
    assert!(one(all).is_some() && one(some).is_some());
    assert_eq!(ask(&context, "SELECT longspring_renewal(50, 50, 50, 50, 50, 50, 50, 50)").await.unwrap(), one(all));
    let sql = "SELECT longspring_renewal(50.0, NULL, NULL, 50.0, 50.0, 50.0, 50.0, 50.0)";
    assert_eq!(ask(&context, sql).await.unwrap(), one(some));
    let nothing = "SELECT longspring_renewal(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)";
    assert_eq!((ask(&context, nothing).await.unwrap(), one([None; 8])), (None, None));
}

#[tokio::test]
async fn wrong_calls_are_refused() {
    let context = SessionContext::new();
    context.register_udf(udf::Score::of(&composite(), "renewal").unwrap());
    let refused = async |figures: &str, said: &str| {
        let error = ask(&context, &format!("SELECT longspring_renewal({figures})")).await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    };
    refused("1, 2, 3", "longspring_renewal").await;
    refused("true, 2, 3, 4, 5, 6, 7, 8", "longspring_renewal").await;
    refused("1, 2, 3, 4, 5, 6, 7, 'NaN'::double", "`NaN` is not a finite number").await;
}

#[test]
fn what_figures_alone_cannot_score_is_no_function() {
    let refused = |composite: &Composite, node: &str, said: &str| {
        let error = udf::Score::of(composite, node).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    };
    refused(&composite(), "renewel", "renewal");
    refused(&composite(), "roads", "does not score `roads`");
    refused(&composite_by(&Method::new().screening(Screening::new().cities_available(0.5))), "renewal", "`city`");
}

#[cfg(feature = "cluster")]
#[tokio::test]
async fn workers_score_by_the_function_that_they_know() {
    let framework = cities::framework().unwrap();
    let folder = Folder::new("workers", 3_000, 5);
    let own = engine::context(&folder.0).await.unwrap();
    let (composite, _) = fit::fit(&own, "cities", &framework, &Method::new()).await.unwrap();
    let score = Arc::new(udf::Score::of(&composite, "renewal").unwrap());
    own.register_udf(score.as_ref().clone());

    let mut servers = JoinSet::new();
    let mut over_two_with = |functions: Vec<_>| {
        let incoming = [cluster::listen().unwrap(), cluster::listen().unwrap()];
        let urls = incoming.iter().map(|incoming| cluster::url(incoming).unwrap()).collect();
        for incoming in incoming {
            servers.spawn(cluster::serve(incoming, functions.clone()));
        }
        cluster::context(&own, urls).unwrap()
    };

    let able = over_two_with(vec![score]);
    assert_eq!(fit::fit(&able, "cities", &framework, &Method::new()).await.unwrap().0, composite);
    for sql in [engine::score_sql(&framework), engine::rank_sql(&framework)] {
        assert_eq!(cluster::run(&able, &sql, 2).await.unwrap(), engine::run(&own, &sql).await.unwrap());
        let error = cluster::run(&own, &sql, 2).await.unwrap_err().to_string();
        assert!(error.contains("scores in 0 tasks on workers, and not in 2"), "{error}");
    }

    // The client knows the function in all cases: only the workers can have missed it, or have scored by another yardstick.
    let sql = engine::score_sql(&framework);
    let error = engine::run(&over_two_with(vec![]), &sql).await.unwrap_err().to_string();
    assert!(error.contains("longspring_renewal"), "{error}");
    let other = Arc::new(udf::Score::of(&self::composite(), "renewal").unwrap());
    let theirs = engine::run(&over_two_with(vec![other]), &sql).await.unwrap();
    assert_eq!(theirs, alone::score(&self::composite(), &folder.0).unwrap());
    assert_ne!(theirs, engine::run(&own, &sql).await.unwrap());
}

/// What makes this program a worker.
#[cfg(feature = "cluster")]
const WORKER: [&str; 5] = ["--quiet", "--nocapture", "--ignored", "--exact", "tests::a_worker"];

#[cfg(feature = "cluster")]
#[tokio::test]
#[ignore = "no test: the process of a worker, which a test starts"]
async fn a_worker() {
    cluster::work().await.unwrap();
}

#[cfg(feature = "cluster")]
#[tokio::test]
async fn a_worker_that_is_gone_ends_the_query() {
    let folder = Folder::new("gone", 3_000, 5);
    let own = engine::context(&folder.0).await.unwrap();
    own.register_udf(udf::Score::of(&composite(), "renewal").unwrap());
    let sql = engine::score_sql(composite().framework());
    let expected = engine::run(&own, &sql).await.unwrap();
    // Gone before the client has ever met it, and after.
    for meet in [false, true] {
        let mut workers = cluster::Workers::start(2, &composite(), &WORKER).unwrap();
        let context = cluster::context(&own, workers.urls()).unwrap();
        if meet {
            assert_eq!(cluster::run(&context, &sql, 2).await.unwrap(), expected);
        }
        assert!(!workers.kill(1).unwrap().success());
        let run = timeout(Duration::from_secs(60), cluster::run(&context, &sql, 2)).await;
        run.expect("the query should not wait for a worker that is gone").unwrap_err();
    }
}

#[cfg(feature = "cluster")]
#[test]
fn a_program_that_is_no_worker_is_not_waited_for() {
    let refused = cluster::Workers::start(2, &composite(), &["--list"]);
    let error = refused.err().unwrap().to_string();
    assert!(error.contains("a worker ended before it said where it listens"), "{error}");
}
