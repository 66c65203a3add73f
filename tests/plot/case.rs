//! What the pictures of the tests are made of.

use longspring::plot::{self, HeatScale, Theme};
use longspring::{
    Aggregation, Cities, City, Claim, Claims, Coherence, Comparison, Composite, Correlation, Correlations, Cut,
    Dataset, Direction, Doubt, Framework, Inquiry, LevelAndMomentum, Method, MonteCarlo, Node, Normalisation,
    Observation, Observations, Scores, Sensitivities, Sensitivity, Simulation, TestedClaims, Trajectory,
    WeightAnalysis, WeightSpace, WeightSpread, article,
};

/// An index of three measures, the third without figures, and an outcome; the second measure has so many indicators.
pub(super) fn framework(wide: usize) -> Framework {
    let indicator = |code: &str, parent: &str| {
        Node::indicator(code, parent, Direction::HigherIsBetter)
            .worst(0.0)
            .best(100.0)
            .name(format!("Indicator {code}"))
    };
    let nodes = [
        Node::index("i").name("An index with quite a long name, as long as they come in frameworks"),
        Node::measure("m1", "i").name("First"),
        Node::measure("m2", "i").weight(2.0).name("Donaudampfschifffahrtsgesellschaftskapitänsmützen"),
        Node::measure("m3", "i").name("Nobody knows <this> & \"that\""),
        indicator("a", "m1"),
        indicator("b", "m1"),
        indicator("c", "m2"),
        indicator("d", "m3"),
        Node::index("o").name("Outcome"),
        indicator("e", "o"),
    ];
    let more = (1..wide).map(|i| indicator(&format!("c{i}"), "m2"));
    Framework::new(nodes.into_iter().chain(more)).unwrap()
}

/// Everything that pictures are made of.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) cities: Vec<(String, String)>,
    pub(super) composite: Composite,
    pub(super) scores: Scores,
    pub(super) simulation: Simulation,
    pub(super) analysis: WeightAnalysis,
    pub(super) correlations: Correlations,
    pub(super) sensitivities: Option<Sensitivities>,
    pub(super) comparison: Option<Comparison>,
    pub(super) momentum: LevelAndMomentum,
    pub(super) trajectories: Vec<Trajectory>,
    pub(super) claims: TestedClaims,
    /// The node that is pictured, a child of it, and the outcome.
    pub(super) nodes: [&'static str; 3],
}

impl Case {
    fn new(
        name: &'static str,
        framework: &Framework,
        dataset: &Dataset,
        method: &Method,
        nodes: [&'static str; 3],
        (known, moved): (&Observations, &str),
        claims: &TestedClaims,
    ) -> Self {
        let doubts = || [Doubt::weights(WeightSpread::Within { share: 0.5 }), Doubt::leave_out_one([nodes[1]])];
        let composite = method.fit(framework, dataset).unwrap();
        let scores = composite.score(dataset).unwrap();
        let run = MonteCarlo::new(100).doubts(doubts());
        let simulation = run.run(method, framework, dataset, nodes[0]).unwrap();
        let series: Vec<&str> =
            framework.nodes().filter(|n| !n.name.is_empty()).map(|n| n.code.as_str()).take(14).collect();
        let correlations = Coherence::of(&scores).correlations(Correlation::Pearson, series).unwrap();
        let sensitivity = Sensitivity::new(32).doubts(doubts());
        let city = |key: &str| (key.to_owned(), dataset.city(key).unwrap().map_or(key, |c| &c.name).to_owned());
        let momentum = LevelAndMomentum::of_series(known, framework, moved, [2003, 2005, 2006, 2010]).unwrap();
        let trajectory = |city| Trajectory::of_series(known, framework, city, moved).unwrap();
        Self {
            name,
            momentum,
            trajectories: dataset.cities().map(trajectory).collect(),
            claims: claims.clone(),
            cities: dataset.cities().map(city).collect(),
            analysis: WeightAnalysis::of(&scores, nodes[0]).unwrap(),
            sensitivities: sensitivity.run(method, framework, dataset, nodes[0]).ok(),
            comparison: dataset
                .cities()
                .next()
                .zip(dataset.cities().last())
                .and_then(|(a, b)| scores.compare(a, b, nodes[0]).ok()),
            composite,
            scores,
            simulation,
            correlations,
            nodes,
        }
    }

    pub(super) fn article() -> Self {
        let (framework, known) = (article::framework(), article::observations());
        let cities = known.dataset(&framework, &Cut::latest()).unwrap();
        let claims = Inquiry::new(&framework, &known)
            .methods([Method::new()
                .aggregation(Aggregation::Geometric)
                .normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 })])
            .weights(WeightSpace::all())
            .test_claims(&article::claims())
            .unwrap();
        let nodes = ["renewal", "education", "vitality"];
        Self::new("article", &framework, &cities, &Method::new(), nodes, (&known, "gdp_index"), &claims)
    }

    /// So many cities with names by a function; the measure `m3` has no figures at all.
    pub(super) fn of(name: &'static str, n: usize, names: impl Fn(usize) -> String) -> Self {
        let method = Method::new().normalisation(Normalisation::Goalposts { low: 0.0, high: 100.0 });
        Self::made(name, n, names, (&framework(1), &method), |share| share * 100.0, |share| share * 100.0)
    }

    /// The same with another framework and method, with figures, and others over the years, by functions of a number from 0 to 1.
    pub(super) fn made(
        name: &'static str,
        n: usize,
        names: impl Fn(usize) -> String,
        (framework, method): (&Framework, &Method),
        figure: impl Fn(f64) -> f64,
        of_year: impl Fn(f64) -> f64,
    ) -> Self {
        let mut state = 7_u64;
        let mut drawn = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            figure((state >> 33) as f64 / (1_u64 << 31) as f64)
        };
        let mut builder = Dataset::builder(framework, (0..n).map(|i| format!("k{i}")));
        for series in framework.series() {
            let code = series.code.as_str();
            // Of `d` there is no figure; of the others every seventh is missing, but for the first city.
            let known = |i: usize| code != "d" && (i == 0 || (i * 5 + code.len()) % 7 != 0);
            let column: Vec<Option<f64>> = (0..n).map(|i| known(i).then(&mut drawn)).collect();
            builder = builder.column(code, column);
        }
        let who = Cities::new((0..n).map(|i| City::new(format!("k{i}")).name(names(i)))).unwrap();
        let dataset = builder.build().unwrap().with_cities(&who).unwrap();
        // Eleven years, some missing; of every ninth city there is nothing.
        let years = (0..n).filter(|i| i % 9 != 8).flat_map(|i| (2000..=2010).map(move |year| (i, year)));
        let known =
            years.filter(|&(i, year)| (year + i32::try_from(i).unwrap()) % 6 != 0 || year == 2003 || year == 2010);
        let known: Vec<Observation> = known
            .map(|(i, year)| {
                let t = f64::from(year - 2000) + i as f64;
                Observation::new(format!("k{i}"), "a", year, of_year((40.0 + 30.0 * (t * 0.7).sin() + t) / 100.0))
            })
            .collect();
        let known = Observations::new(known).unwrap().with_cities(who).unwrap();
        let mut list =
            vec![Claim::tops("k0").on("i"), Claim::among_top("k0", 3).on("m1"), Claim::goes_with("o").on("i")];
        if n > 1 {
            list.push(Claim::leads("k0", format!("k{}", n - 1)).on("m2"));
            list.push(Claim::trails("k0", "k1").on("m3"));
        }
        for (i, claim) in list.iter_mut().enumerate() {
            claim.code = format!("Q<{i}>");
            claim.text = format!("{} is said to stand well here & \"there\"", names(0));
        }
        let inquiry = Inquiry::of(framework, &dataset).method(method.clone()).weights(WeightSpace::all());
        let claims = inquiry.test_claims(&Claims::try_from(list).unwrap()).unwrap();
        Self::new(name, framework, &dataset, method, ["i", "m1", "o"], (&known, "a"), &claims)
    }

    pub(super) fn all() -> Vec<Self> {
        let odd = |i: usize| match i % 5 {
            0 => "<script>alert('&\"')</script>".to_owned(),
            1 => format!("São Łódź-Ţîrgu Mureş {i}"),
            2 => "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch upon the Very Long River".to_owned(),
            3 => "長春市".to_owned(),
            _ => format!("a\u{0}b\n\u{1b}{i}"),
        };
        vec![
            Self::article(),
            Self::of("one city", 1, |i| format!("City {i}")),
            Self::of("two cities", 2, |i| format!("City {i}")),
            Self::of("odd names", 23, odd),
            Self::of("a hundred cities", 100, |i| format!("City number {i}")),
        ]
    }

    /// Every picture, and whether each city is in it.
    pub(super) fn pictures(&self, theme: Theme) -> Vec<(&'static str, bool, String)> {
        self.pictures_of(theme, 700.0, 12.0)
    }

    pub(super) fn pictures_of(&self, theme: Theme, wide: f64, text: f64) -> Vec<(&'static str, bool, String)> {
        let [node, child, outcome] = self.nodes;
        let (first, last) = (&self.cities[0].0, &self.cities[self.cities.len() - 1].0);
        let mut pictures = vec![
            (
                "ranking",
                true,
                plot::ranking(&self.simulation).theme(theme).width(wide).text_size(text).highlight(first).svg(),
            ),
            (
                "acceptability",
                true,
                plot::acceptability(&self.simulation).theme(theme).width(wide).text_size(text).svg(),
            ),
            (
                "heat",
                true,
                plot::heat(&self.scores, node).theme(theme).width(wide).text_size(text).highlight(last).svg(),
            ),
            (
                "heat by column",
                true,
                plot::heat(&self.scores, node)
                    .scale(HeatScale::EachColumn)
                    .theme(theme)
                    .width(wide)
                    .text_size(text)
                    .svg(),
            ),
            ("profile", false, plot::profile(&self.scores, node, first).theme(theme).width(wide).text_size(text).svg()),
            (
                "against",
                false,
                plot::profile(&self.scores, node, first).against(last).theme(theme).width(wide).text_size(text).svg(),
            ),
            (
                "scatter",
                true,
                plot::scatter(&self.scores, node, outcome)
                    .theme(theme)
                    .width(wide)
                    .text_size(text)
                    .highlight(first)
                    .svg(),
            ),
            ("tree", false, plot::tree(&self.composite, node).theme(theme).width(wide).text_size(text).svg()),
            (
                "correlations",
                false,
                plot::correlations(&self.correlations)
                    .names(&self.scores)
                    .theme(theme)
                    .width(wide)
                    .text_size(text)
                    .svg(),
            ),
            // Only cities with a score take part.
            (
                "weight",
                false,
                plot::weight(&self.analysis, child)
                    .names(&self.scores)
                    .theme(theme)
                    .width(wide)
                    .text_size(text)
                    .highlight(first)
                    .svg(),
            ),
        ];
        if let Some(sensitivities) = &self.sensitivities {
            pictures.push((
                "sensitivities",
                false,
                plot::sensitivities(sensitivities).theme(theme).width(wide).text_size(text).svg(),
            ));
        }
        let momentum = plot::momentum(&self.momentum).theme(theme).width(wide).text_size(text);
        pictures.push(("momentum", true, momentum.svg()));
        let trajectories =
            || plot::trajectories(&self.trajectories).theme(theme).width(wide).text_size(text).highlight(first);
        pictures.push(("trajectories", true, trajectories().svg()));
        pictures.push(("trajectories on one scale", true, trajectories().common_scale().svg()));
        let one = plot::trajectories(&self.trajectories[..1]).theme(theme).width(wide).text_size(text);
        pictures.push(("one trajectory", false, one.svg()));
        pictures.push(("claims", false, plot::claims(&self.claims).theme(theme).width(wide).text_size(text).svg()));
        for tested in self.claims.tested() {
            pictures.push(("verdict", false, plot::verdict(tested).theme(theme).width(wide).text_size(text).svg()));
        }
        if let Some(comparison) = &self.comparison {
            let waterfall = || plot::waterfall(comparison).theme(theme).width(wide).text_size(text);
            pictures.push(("waterfall", false, waterfall().svg()));
            pictures.push(("waterfall of indicators", false, waterfall().indicators().highlight(first).svg()));
        }
        pictures.into_iter().map(|(name, all, svg)| (name, all, svg.unwrap())).collect()
    }
}
