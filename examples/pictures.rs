//! Every picture of the article's cities: `cargo run --release --features plot --example pictures DIRECTORY [light|dark|auto] [WIDTH]`.

use std::error::Error;
use std::path::PathBuf;

use longspring::plot::{self, Theme};
use longspring::{
    Coherence, Correlation, Cut, Doubt, ErrorShape, Inquiry, LevelAndMomentum, MeasurementError, Method, MonteCarlo,
    Sensitivity, Status, Trajectory, WeightAnalysis, WeightSpace, WeightSpread, article,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = PathBuf::from(arguments.next().ok_or("name a directory to write to")?);
    let theme = match arguments.next().as_deref() {
        None | Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        Some("auto") => Theme::Auto,
        Some(other) => return Err(format!("`{other}` is no theme; write light, dark or auto").into()),
    };
    let wide: f64 = arguments.next().map_or(Ok(700.0), |width| width.parse())?;
    std::fs::create_dir_all(&directory)?;
    let write = |name: &str, svg: String| std::fs::write(directory.join(name), svg);

    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest())?;
    let method = Method::new();
    let composite = method.fit(&framework, &cities)?;
    let scores = composite.score(&cities)?;

    write("heat.svg", plot::heat(&scores, "renewal").highlight("changchun").theme(theme).width(wide).svg()?)?;
    write("profile.svg", plot::profile(&scores, "renewal", "changchun").theme(theme).width(wide).svg()?)?;
    write(
        "against.svg",
        plot::profile(&scores, "renewal", "changchun").against("detroit").theme(theme).width(wide).svg()?,
    )?;
    write(
        "scatter.svg",
        plot::scatter(&scores, "renewal", "vitality").highlight("changchun").theme(theme).width(wide).svg()?,
    )?;
    write("tree.svg", plot::tree(&composite, "renewal").theme(theme).width(wide).svg()?)?;

    let indicators: Vec<&str> =
        framework.subtree("renewal")?.filter(|n| n.kind.is_series()).map(|n| n.code.as_str()).collect();
    let correlations = Coherence::of(&scores).correlations(Correlation::Spearman, indicators)?;
    write("correlations.svg", plot::correlations(&correlations).names(&scores).theme(theme).width(wide).svg()?)?;

    let doubts = [
        Doubt::weights(WeightSpread::Within { share: 0.25 }),
        Doubt::leave_out_one(["industry", "infrastructure", "investment", "education"]),
        MeasurementError::relative(ErrorShape::Uniform, 0.1).of_status([Status::LowReliability]).into(),
    ];
    let simulation = MonteCarlo::new(2000).doubts(doubts.clone()).run(&method, &framework, &cities, "renewal")?;
    write("ranking.svg", plot::ranking(&simulation).highlight("changchun").theme(theme).width(wide).svg()?)?;
    write(
        "acceptability.svg",
        plot::acceptability(&simulation).highlight("changchun").theme(theme).width(wide).svg()?,
    )?;
    let sensitivities = Sensitivity::new(256).doubts(doubts).run(&method, &framework, &cities, "renewal")?;
    write("sobol.svg", plot::sensitivities(&sensitivities).theme(theme).width(wide).svg()?)?;

    let analysis = WeightAnalysis::of(&scores, "renewal")?;
    let turn = plot::weight(&analysis, "education").names(&scores).highlight("changchun");
    write("weight.svg", turn.theme(theme).width(wide).svg()?)?;

    let comparison = scores.compare("changchun", "detroit", "renewal")?;
    let waterfall = || plot::waterfall(&comparison).theme(theme).width(wide);
    write("waterfall.svg", waterfall().svg()?)?;
    write("indicators.svg", waterfall().indicators().svg()?)?;

    let known = article::observations();
    let named = ["changchun", "detroit", "ruhr", "sheffield"];
    let moved = |city| Trajectory::of_series(&known, &framework, city, "population");
    let moved = named.into_iter().map(moved).collect::<Result<Vec<_>, _>>()?;
    write("trajectories.svg", plot::trajectories(&moved).theme(theme).width(wide).svg()?)?;
    let one = Trajectory::of_series(&known, &framework, "sheffield", "gdp_index")?;
    write("trajectory.svg", plot::trajectories([&one]).theme(theme).width(wide).svg()?)?;
    let output = LevelAndMomentum::of_series(&known, &framework, "gdp_index", 2001..=2012)?;
    let momentum = plot::momentum(&output).label("gdp_index", "Output, 2001 = 100").highlight("changchun");
    write("momentum.svg", momentum.theme(theme).width(wide).svg()?)?;

    let claims = Inquiry::new(&framework, &known).weights(WeightSpace::all()).test_claims(&article::claims())?;
    write("claims.svg", plot::claims(&claims).theme(theme).width(wide).svg()?)?;
    for tested in claims.tested() {
        let name = format!("claim-{}.svg", tested.claim.code);
        write(&name, plot::verdict(tested).theme(theme).width(wide).svg()?)?;
    }
    Ok(())
}
