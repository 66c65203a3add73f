//! Claims: verdicts, margins, counterexamples.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use approx::assert_relative_eq;
use longspring::{
    Aggregation, Agreement, Cities, Claim, Claims, Cut, Dataset, Direction, Framework, Holding, Input, Inquiry, Method,
    Node, Normalisation, Observations, Proof, Relation, Scores, Status, Ties, Verdict, WeightSet, WeightSpace,
    Weighting, article,
};

fn geometric() -> Method {
    Method::new().normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 }).aggregation(Aggregation::Geometric)
}

/// Two indicators, 0 to 100 by goalposts.
fn small(rows: &str) -> (Framework, Dataset) {
    let indicator = |code| Node::indicator(code, "index", Direction::HigherIsBetter).worst(0.0).best(100.0);
    let framework = Framework::new([Node::index("index"), indicator("x"), indicator("y")]).unwrap();
    let cities = Dataset::read_csv(Input::text(&format!("city,x,y\n{rows}"), "cities.csv"), &framework).unwrap();
    (framework, cities)
}

/// Whether the claim holds on scores, by the plainest reading of its words.
fn holds(scores: &Scores, claim: &Claim) -> bool {
    let test = claim.test.as_ref().unwrap();
    let score = |city: &str| scores.score(city, &test.node).unwrap().unwrap();
    let ahead = |a: &str, b: &str| score(a) - score(b) > 1e-9 * score(a).abs().max(score(b).abs());
    match &test.relation {
        Relation::Leads { rival } => ahead(&claim.subject, rival),
        Relation::Trails { rival } => ahead(rival, &claim.subject),
        Relation::Tops => scores.rank(&claim.subject, &test.node).unwrap().unwrap() <= 1.0,
        Relation::Top { k } => scores.rank(&claim.subject, &test.node).unwrap().unwrap() <= *k as f64,
        other => panic!("{other:?}"),
    }
}

/// The article's cities two by two, and some of them among the first.
fn many() -> Vec<Claim> {
    let cities = ["changchun", "sheffield", "detroit", "ruhr", "leipzig", "ulsan", "baltimore", "togliatti"];
    let mut claims = Vec::new();
    for node in ["infrastructure", "renewal", "education"] {
        for (i, a) in cities.iter().enumerate() {
            for b in &cities[i + 1..] {
                claims.push(Claim::leads(*a, *b).on(node));
            }
        }
        claims.push(Claim::tops("baltimore").on(node));
        claims.push(Claim::among_top("ruhr", 10).on(node));
    }
    claims
}

#[test]
fn margins_over_weights_by_hand() {
    // a leads b by w 100 - (1 - w) 60: 20 at one half, 4 and 36 at 0.4 and 0.6, -4 at 0.35.
    let (framework, cities) = small("a,100,40\nb,0,100\n");
    let claim = Claim::leads("a", "b").on("index");
    let inquiry = Inquiry::of(&framework, &cities);
    let tested = inquiry.clone().weights(WeightSpace::all().within(0.2)).test(&claim).unwrap();
    assert!(tested.holds_always() && tested.proof == Proof::Exact, "{tested}");
    assert_relative_eq!(tested.nominal.unwrap(), 20.0, max_relative = 1e-12);
    assert_relative_eq!(tested.smallest.unwrap(), 4.0, max_relative = 1e-12);
    assert_relative_eq!(tested.largest.unwrap(), 36.0, max_relative = 1e-12);
    assert_eq!(tested.counterexample, None);

    let tested = inquiry.clone().weights(WeightSpace::all().within(0.3)).test(&claim).unwrap();
    let Holding::Share { held, of } = tested.holding else { panic!("{tested}") };
    assert!(held > of / 2 && held < of);
    let counterexample = tested.counterexample.unwrap();
    assert_relative_eq!(counterexample.margin.unwrap(), -4.0, max_relative = 1e-12);
    assert_relative_eq!(counterexample.weights[0].1, 0.35, max_relative = 1e-12);
    assert!(!holds(&counterexample.scores(&inquiry).unwrap(), &claim));

    // A lead of exactly 0 is none: w 100 = (1 - w) 60 at w = 0.375.
    let tested = inquiry.weights(WeightSpace::all().within(0.25)).test(&claim).unwrap();
    assert!(!tested.holds_always(), "{tested}");
}

#[test]
fn a_missing_figure_that_decides_is_named_with_its_value() {
    // Without y, a has 100; with y at 0 it has 50, as b does, and a tie is no lead.
    let (framework, cities) = small("a,100,NA\nb,50,50\n");
    let claim = Claim::leads("a", "b").on("index");
    assert!(Inquiry::of(&framework, &cities).test(&claim).unwrap().holds_always());
    let inquiry = Inquiry::of(&framework, &cities).gaps();
    let tested = inquiry.test(&claim).unwrap();
    assert!(matches!(&tested.holding, Holding::Unknown { reason } if reason.contains("y of a")), "{tested}");
    let counterexample = tested.counterexample.unwrap();
    let missing = &counterexample.missing[0];
    assert_eq!((missing.city.as_str(), missing.series.as_str(), missing.value), ("a", "y", 0.0));
    assert_eq!(counterexample.scores(&inquiry).unwrap().score("a", "index").unwrap(), Some(50.0));
    // Where the lead survives the worst it holds always; where not even the best helps, never.
    let (framework, cities) = small("a,100,NA\nb,40,50\n");
    assert!(Inquiry::of(&framework, &cities).gaps().test(&claim).unwrap().holds_always());
    let (framework, cities) = small("a,10,NA\nb,80,50\n");
    assert!(Inquiry::of(&framework, &cities).gaps().test(&claim).unwrap().holds_never());
}

#[test]
fn what_holds_always_is_never_contradicted_and_what_breaks_does_so_again() {
    let (framework, known) = (article::framework(), article::observations());
    let cities = known.dataset(&framework, &Cut::latest()).unwrap();
    let mut state = 7_u64;
    let mut uniform = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let (mut settled, mut broken) = (0, 0);
    for method in [Method::new(), geometric()] {
        let inquiry = Inquiry::of(&framework, &cities).method(method.clone()).weights(WeightSpace::all().within(0.5));
        for claim in many() {
            let node = claim.test.as_ref().unwrap().node.clone();
            let tested = inquiry.test(&claim).unwrap();
            if let Some(counterexample) = &tested.counterexample {
                let scores = counterexample.scores(&inquiry).unwrap();
                assert!(!holds(&scores, &claim), "{tested}");
                broken += 1;
            }
            let wanted = match tested.holding {
                Holding::Always => true,
                Holding::Never => false,
                _ => continue,
            };
            let nominal: Vec<(String, f64)> = method
                .fit(&framework, &cities)
                .unwrap()
                .weights(&node)
                .unwrap()
                .map(|(child, weight)| (child.to_owned(), weight))
                .collect();
            for _ in 0..3 {
                // Weight moves from child to child, within half of what each has.
                let mut weights = nominal.clone();
                for _ in 0..20 {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "from 0 to below the length"
                    )]
                    let [from, to] = [0, 1].map(|_| (uniform() * nominal.len() as f64) as usize);
                    let room = (weights[from].1 - 0.5 * nominal[from].1).min(1.5 * nominal[to].1 - weights[to].1);
                    let moved = room * uniform();
                    if from != to {
                        weights[from].1 -= moved;
                        weights[to].1 += moved;
                    }
                }
                let set = WeightSet::new("drawn", weights).unwrap();
                let method = method.clone().weighting_of(&node, Weighting::Set(set));
                let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
                assert_eq!(holds(&scores, &claim), wanted, "{tested}");
            }
            settled += 1;
        }
    }
    assert!(settled > 50 && broken > 50, "{settled} {broken}");
}

#[test]
fn trailing_is_leading_the_other_way_round() {
    let (framework, known) = (article::framework(), article::observations());
    let inquiry = Inquiry::new(&framework, &known)
        .methods([Method::new(), geometric()])
        .weights(WeightSpace::all().within(0.25))
        .also_without([Status::LowReliability])
        .gaps();
    for (a, b) in [("changchun", "sheffield"), ("detroit", "ruhr"), ("leipzig", "lodz")] {
        let leads = inquiry.test(&Claim::leads(a, b).on("renewal")).unwrap();
        let mut trails = inquiry.test(&Claim::trails(b, a).on("renewal")).unwrap();
        trails.claim = leads.claim.clone();
        assert_eq!(leads, trails);
        // And of a claim and its contrary, but for ties, one margin is the other's mirror.
        let contrary = inquiry.test(&Claim::leads(b, a).on("renewal")).unwrap();
        assert_relative_eq!(contrary.nominal.unwrap(), -leads.nominal.unwrap(), max_relative = 1e-12);
        assert_relative_eq!(contrary.smallest.unwrap(), -leads.largest.unwrap(), max_relative = 1e-9);
        assert_eq!(contrary.holds_never(), leads.holds_always());
    }
}

#[test]
fn the_order_of_the_cities_changes_nothing() {
    let framework = article::framework();
    let known = article::observations();
    let reversed: Vec<_> = known.cities().unwrap().iter().rev().cloned().collect();
    let turned = Observations::new(known.iter().rev().cloned()).unwrap();
    let turned = turned.with_cities(Cities::new(reversed).unwrap()).unwrap();
    let test = |known: &Observations| {
        let inquiry = Inquiry::new(&framework, known).method(Method::new()).method(geometric());
        inquiry.weights(WeightSpace::all().within(0.25)).draws(20).test_claims(&article::claims()).unwrap()
    };
    let (one, other) = (test(&known), test(&turned));
    for ((claim, a), (_, b)) in one.iter().zip(other.iter()) {
        assert_eq!(a, b, "{}", claim.code);
    }
}

#[test]
fn code_and_csv_say_the_same() {
    let head = "claim,text,subject,verdict,confidence,relation,node,rival,from_year,to_year\n";
    let rows = "A,,leeds,unchecked,low,leads,renewal,lodz,,\n\
                B,,leeds,unchecked,low,trails,renewal,lodz,,2015\n\
                C,,leeds,unchecked,low,tops,renewal,,,\n\
                D,,leeds,unchecked,low,top,renewal,10,,\n\
                E,,leeds,unchecked,low,among,renewal,10,,\n\
                F,,leeds,unchecked,low,improves,pm25,,2014,2019\n\
                G,,leeds,unchecked,low,declines,population,,1970,2015\n\
                H,,leeds,unchecked,low,exceeds,gdp_growth,7.5,,2012\n\
                I,,leeds,unchecked,low,goes_with,renewal,vitality,,\n";
    let rows = rows.replace(",,leeds", ",words,leeds");
    let read = Claims::read_csv(Input::text(&format!("{head}{rows}"), "claims.csv")).unwrap();
    let mut together = Claim::goes_with("vitality").on("renewal");
    together.subject = "leeds".to_owned();
    let written = [
        Claim::leads("leeds", "lodz").on("renewal"),
        Claim::trails("leeds", "lodz").on("renewal").in_year(2015),
        Claim::tops("leeds").on("renewal"),
        Claim::among_top("leeds", 10).on("renewal"),
        Claim::among_top("leeds", 10).on("renewal"),
        Claim::improves("leeds").on("pm25").between(2014, 2019),
        Claim::declines("leeds").on("population").between(1970, 2015),
        Claim::exceeds("leeds", 7.5).on("gdp_growth").in_year(2012),
        together,
    ];
    assert_eq!(read.len(), written.len());
    for (read, written) in read.iter().zip(written) {
        assert_eq!(*read, written.code(&read.code).text("words"));
    }
    for bad in ["0", "2.5", "-1", ""] {
        let row = format!("{head}A,words,leeds,unchecked,low,top,renewal,{bad},,\n");
        assert!(Claims::read_csv(Input::text(&row, "claims.csv")).is_err(), "{bad}");
    }
}

#[test]
fn columns_that_no_claim_needs_may_be_left_out() {
    let read = |text: &str| Claims::read_csv(Input::text(text, "claims.csv"));
    let claims = read(
        "claim,text,subject,relation,node,rival\nA,words,leeds,leads,renewal,lodz\nB,words,,goes_with,renewal,vitality\n",
    )
    .unwrap();
    let written = Claim::leads("leeds", "lodz").on("renewal").code("A").text("words");
    assert_eq!(claims.iter().next(), Some(&written)); // unchecked, as one that is written in code
    assert_eq!(claims.get("B").unwrap().to_string(), "renewal goes with vitality");
    assert!(claims.check(&article::framework(), article::observations().cities().unwrap()).is_ok());
    // What a claim needs is asked for all the same, and so is a verdict where others have one.
    let error =
        read("claim,text,subject,relation,node\nA,w,leeds,leads,renewal\nB,w,leeds,improves,pm25\nC,w,,tops,renewal\n")
            .unwrap_err()
            .to_string();
    assert_eq!(
        error,
        "4 problems:\n  claims.csv, line 2: a rival must be given\n  claims.csv, line 3: a first year must be given\n  \
         claims.csv, line 3: a year must be given\n  claims.csv, line 4, column 3 (subject): a city must be given"
    );
    let error = read("claim,text,subject,verdict,relation,node\nA,w,leeds,,tops,renewal\n").unwrap_err().to_string();
    assert_eq!(error, "claims.csv, line 2, column 4 (verdict): a verdict must be given");
}

#[test]
fn ranks_go_by_the_ties_of_the_method() {
    let (framework, cities) = small("a,50,50\nb,50,50\nc,0,0\n");
    let tops = |ties| {
        Inquiry::of(&framework, &cities).method(Method::new().ties(ties)).test(&Claim::tops("a").on("index")).unwrap()
    };
    assert!(tops(Ties::Min).holds_always());
    assert!(tops(Ties::Average).holds_never()); // both have rank 1.5
    let inquiry = Inquiry::of(&framework, &cities);
    assert!(inquiry.test(&Claim::leads("a", "b").on("index")).unwrap().holds_never());
    assert!(inquiry.test(&Claim::among_top("c", 2).on("index")).unwrap().holds_never());
    assert!(inquiry.test(&Claim::among_top("c", 3).on("index")).unwrap().holds_always());
}

#[test]
fn the_articles_claims() {
    let (framework, known) = (article::framework(), article::observations());
    let table = Inquiry::new(&framework, &known).test_claims(&article::claims()).unwrap();
    let of = |code: &str| table.get(code).unwrap().unwrap();
    // Growth fell from 8 to -4.5 %, and the figure of 2017 is 0.1 above the value.
    assert_relative_eq!(of("C04").nominal.unwrap(), -12.5, max_relative = 1e-12);
    assert_relative_eq!(of("C01").nominal.unwrap(), 0.1, max_relative = 1e-12);
    // 32.3 days in 2013, 8.6 in 2019: fewer are better.
    assert_relative_eq!(of("C16").nominal.unwrap(), 23.7, max_relative = 1e-12);
    assert_eq!(of("C37").nominal, Some(3966483.0 - 3648167.0));
    for code in ["C01", "C11", "C12", "C16", "C19", "C28", "C37"] {
        assert!(of(code).holds_always(), "{}", of(code));
    }
    for code in ["C04", "C09", "C32", "C35", "C36"] {
        assert!(of(code).holds_never() && of(code).counterexample.is_some(), "{}", of(code));
    }
    assert_eq!(table.agreement("C09").unwrap(), Agreement::Agree);
    assert_eq!(table.agreement("C35").unwrap(), Agreement::NotCompared);
    assert_eq!(Agreement::of(Verdict::Contradicted, &Holding::Always), Agreement::Disagree);
    let text = table.to_string();
    assert_eq!(text.lines().count(), 1 + 37 + 12);

    // Everything comes back from JSON.
    let read: longspring::TestedClaims = serde_json::from_str(&serde_json::to_string(&table).unwrap()).unwrap();
    assert_eq!(read, table);
}

#[test]
fn what_figures_cannot_tell_is_unknown_with_the_reason() {
    let (framework, known) = (article::framework(), article::observations());
    let reason = |claim: Claim| match Inquiry::new(&framework, &known).test(&claim).unwrap().holding {
        Holding::Unknown { reason } => reason,
        other => panic!("{other}"),
    };
    assert_eq!(
        reason(Claim::exceeds("changchun", 1.0).on("gdp_growth").in_year(1999)),
        "no figure of gdp_growth for changchun in 1999; there are some from 2000 to 2023"
    );
    let nobody = reason(Claim::leads("changchun", "sheffield").on("tertiary_attainment"));
    assert!(nobody.starts_with("changchun has no score in tertiary_attainment: "), "{nobody}");
    // A year in which nobody can be scored.
    let early = Claim::leads("changchun", "sheffield").on("renewal").in_year(1900);
    let error = Inquiry::new(&framework, &known).test(&early).unwrap_err().to_string();
    assert!(error.contains("no city can be scored in the index `renewal`"), "{error}");
    let table = known.dataset(&framework, &Cut::latest()).unwrap();
    let tested = Inquiry::of(&framework, &table).test(&Claim::declines("detroit").on("population").between(1970, 2015));
    assert!(matches!(tested.unwrap().holding, Holding::Unknown { .. }));
}

#[test]
fn bad_claims_are_refused_with_what_would_be_right() {
    let (framework, known) = (article::framework(), article::observations());
    let inquiry = Inquiry::new(&framework, &known).weights(WeightSpace::all());
    let error = |claim: Claim| inquiry.test(&claim).unwrap_err().to_string();
    assert_eq!(
        error(Claim::leads("leeds", "leeds").on("renewal")),
        "`leeds` is held against itself; name another city"
    );
    assert_eq!(
        error(Claim::leads("", "leeds").on("renewal")),
        "the claim names no city; name one that there are figures of"
    );
    assert_eq!(
        error(Claim::leads("leeds", "lodz")),
        "the claim names no node; say it with `on`, or in the column `node`"
    );
    assert_eq!(
        error(Claim::leads("sheffeild", "lodz").on("renewal")),
        "there is no city `sheffeild`; did you mean `sheffield`?"
    );
    assert_eq!(error(Claim::tops("leeds").on("renewall")), "there is no node `renewall`; did you mean `renewal`?");
    assert!(error(Claim::improves("detroit").on("population").between(1970, 2015)).contains("has no direction"));
    assert!(error(Claim::declines("detroit").on("population").between(2015, 1970)).contains("before the second"));
    assert!(error(Claim::declines("detroit").on("population")).contains("the claim names no year"));
    assert!(error(Claim::declines("detroit").on("renewal").between(1970, 2015)).contains("renewal"));
    assert!(error(Claim::tops("detroit").on("population")).contains("population"));
    assert!(error(Claim::goes_with("education").on("renewal")).contains("share `education`"));
    assert!(error(Claim::among_top("leeds", 0).on("renewal")).contains("1 or more"));
    let claims = Claims::try_from(vec![
        Claim::leads("leeds", "leeds").on("renewal").code("X"),
        Claim::tops("lodz").on("industri").code("Y"),
    ])
    .unwrap();
    let text = inquiry.test_claims(&claims).unwrap_err().to_string();
    assert!(text.contains("claim `X`: `leeds`") && text.contains("claim `Y`: there is no node"), "{text}");
}

#[test]
fn random_frameworks_never_contradict_a_verdict() {
    let mut state = 11_u64;
    let mut uniform = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to below the length")]
    let place = |share: f64, len: usize| (share * len as f64) as usize;
    let normalisations = [
        Normalisation::MinMax { low: 1.0, high: 100.0 },
        Normalisation::ZScore { mean: 100.0, sd: 10.0 },
        Normalisation::Rank { ties: Ties::Average },
    ];
    let means = [Aggregation::Arithmetic, Aggregation::Geometric, Aggregation::Harmonic];
    let (mut exact, mut broken) = (0, 0);
    for round in 0..60 {
        let (indicators, count) = (2 + round % 3, 4 + round % 4);
        let codes: Vec<String> = (0..indicators).map(|i| format!("x{i}")).collect();
        let leaves = codes.iter().map(|code| {
            let better = if uniform() < 0.5 { Direction::HigherIsBetter } else { Direction::LowerIsBetter };
            Node::indicator(code, "index", better).weight(1.0 + 2.0 * uniform())
        });
        let framework =
            Framework::new(std::iter::once(Node::index("index")).chain(leaves).collect::<Vec<_>>()).unwrap();
        let mut cities = Dataset::builder(&framework, (0..count).map(|i| format!("c{i}")));
        for code in &codes {
            cities = cities.column(code, (0..count).map(|_| 5.0 + 90.0 * uniform()).collect::<Vec<_>>());
        }
        let cities = cities.build().unwrap();
        let method = Method::new().normalisation(normalisations[round % 3].clone()).aggregation(means[round / 3 % 3]);
        let nominal: Vec<f64> =
            method.fit(&framework, &cities).unwrap().weights("index").unwrap().map(|(_, weight)| weight).collect();
        let inquiry = Inquiry::of(&framework, &cities).method(method.clone()).weights(WeightSpace::all().within(0.4));
        for claim in [
            Claim::leads("c0", "c1"),
            Claim::trails("c2", "c3"),
            Claim::tops("c0"),
            Claim::among_top("c1", 2),
            Claim::among_top("c2", 3),
        ] {
            let claim = claim.on("index");
            let tested = inquiry.test(&claim).unwrap();
            if let Some(counterexample) = &tested.counterexample {
                assert!(!holds(&counterexample.scores(&inquiry).unwrap(), &claim), "{tested}");
                broken += 1;
            }
            assert_eq!(tested.holds_always(), tested.counterexample.is_none(), "{tested}");
            let wanted = match tested.holding {
                Holding::Always if tested.proof == Proof::Exact => true,
                Holding::Never if tested.proof == Proof::Exact => false,
                _ => continue,
            };
            exact += 1;
            for _ in 0..10 {
                let mut weights = nominal.clone();
                for _ in 0..10 {
                    let [from, to] = [0, 1].map(|_| place(uniform(), indicators));
                    let room = (weights[from] - 0.6 * nominal[from]).min(1.4 * nominal[to] - weights[to]).max(0.0);
                    let moved = room * uniform();
                    if from != to {
                        weights[from] -= moved;
                        weights[to] += moved;
                    }
                }
                let set = WeightSet::new("drawn", codes.iter().cloned().zip(weights)).unwrap();
                let again = method.clone().weighting_of("index", Weighting::Set(set));
                let scores = again.fit(&framework, &cities).unwrap().score(&cities).unwrap();
                assert_eq!(holds(&scores, &claim), wanted, "{tested}");
            }
        }
    }
    assert!(exact > 60 && broken > 60, "{exact} {broken}");
}
