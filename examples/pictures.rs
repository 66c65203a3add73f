//! Every picture of the article's cities: `cargo run --release --features plot --example pictures DIRECTORY [light|dark]`.

use std::error::Error;
use std::path::PathBuf;

use longspring::plot::{self, Theme};
use longspring::{
    Coherence, Correlation, Cut, Doubt, ErrorShape, MeasurementError, Method, MonteCarlo, Sensitivity, Status,
    WeightAnalysis, WeightSpread, article,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = PathBuf::from(arguments.next().ok_or("name a directory to write to")?);
    let theme = match arguments.next().as_deref() {
        None | Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        Some(other) => return Err(format!("`{other}` is no theme; write light or dark").into()),
    };
    std::fs::create_dir_all(&directory)?;
    let write = |name: &str, svg: String| std::fs::write(directory.join(name), svg);

    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest())?;
    let method = Method::new();
    let composite = method.fit(&framework, &cities)?;
    let scores = composite.score(&cities)?;

    write("heat.svg", plot::heat(&scores, "renewal").highlight("changchun").theme(theme).svg()?)?;
    write("profile.svg", plot::profile(&scores, "renewal", "changchun").theme(theme).svg()?)?;
    write("against.svg", plot::profile(&scores, "renewal", "changchun").against("detroit").theme(theme).svg()?)?;
    write("scatter.svg", plot::scatter(&scores, "renewal", "vitality").highlight("changchun").theme(theme).svg()?)?;
    write("tree.svg", plot::tree(&composite, "renewal").theme(theme).svg()?)?;

    let indicators: Vec<&str> =
        framework.subtree("renewal")?.filter(|n| n.kind.is_series()).map(|n| n.code.as_str()).collect();
    let correlations = Coherence::of(&scores).correlations(Correlation::Spearman, indicators)?;
    write("correlations.svg", plot::correlations(&correlations).names(&scores).theme(theme).svg()?)?;

    let doubts = [
        Doubt::weights(WeightSpread::Within { share: 0.25 }),
        Doubt::leave_out_one(["industry", "infrastructure", "investment", "education"]),
        MeasurementError::relative(ErrorShape::Uniform, 0.1).of_status([Status::LowReliability]).into(),
    ];
    let simulation = MonteCarlo::new(2000).doubts(doubts.clone()).run(&method, &framework, &cities, "renewal")?;
    write("ranking.svg", plot::ranking(&simulation).highlight("changchun").theme(theme).svg()?)?;
    write("acceptability.svg", plot::acceptability(&simulation).highlight("changchun").theme(theme).svg()?)?;
    let sensitivities = Sensitivity::new(256).doubts(doubts).run(&method, &framework, &cities, "renewal")?;
    write("sobol.svg", plot::sensitivities(&sensitivities).theme(theme).svg()?)?;

    let analysis = WeightAnalysis::of(&scores, "renewal")?;
    let turn = plot::weight(&analysis, "education").names(&scores).highlight("changchun");
    write("weight.svg", turn.theme(theme).svg()?)?;
    Ok(())
}
