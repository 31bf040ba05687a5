//! The order of the measurements, and what is said meanwhile.

use std::{path::Path, time::Duration};

use clap::{Args, ValueEnum};

use super::{
    app::{self, App, Subject},
    callgrind,
    event::Question,
    measure,
    table::{self, Figure, Table},
};
use crate::failure::{Failure, Outcome};

/// `cargo xtask bench`
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// Which apps to measure
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["hello", "echo", "routes", "chain", "state"])]
    apps: Vec<Apps>,
    /// Whose; ratios need the usual choice and ours
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["usual", "bare", "ours", "ours-static"])]
    subjects: Vec<Subject>,
    /// Time the builds too, clean and with one line changed; takes many minutes
    #[arg(long)]
    build_times: bool,
    /// Instead of the table, say where the instructions of ours go, function by function
    #[arg(long)]
    annotate: bool,
    /// How to print the table
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Fail when a target is missed
    #[arg(long)]
    check: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Apps {
    /// One route, a greeting
    Hello,
    /// A JSON document in and out, of 1 KB and of 64 KB
    Echo,
    /// A hundred routes
    Routes,
    /// Hello world behind five middlewares
    Chain,
    /// Hello world out of a table that is built at the cold start
    State,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
}

/// Builds, measures, prints.
pub(crate) fn run(args: &BenchArgs) -> Outcome {
    let counts = callgrind::is_available();
    if !counts {
        eprintln!(
            "valgrind is not installed: instructions are left out; on Debian or Ubuntu: apt-get install valgrind"
        );
    }
    if args.annotate {
        return annotate(&args.apps);
    }
    let mut table = Table::default();
    for &subject in &args.subjects {
        for app in &args.apps {
            eprintln!("building and measuring {} · {app:?}", subject.title());
            match app {
                Apps::Hello => hello(&mut table, subject, counts)?,
                Apps::Echo if counts => echo(&mut table, subject)?,
                Apps::Routes if counts => routes(&mut table, subject)?,
                Apps::Chain if counts && subject.has(App::Chain) => chain(&mut table, subject)?,
                Apps::State if counts => state(&mut table, subject)?,
                Apps::Echo | Apps::Routes | Apps::Chain | Apps::State => {}
            }
        }
        if args.build_times {
            eprintln!("timing the builds of {}", subject.title());
            build_times(&mut table, subject)?;
        }
    }
    match args.format {
        Format::Text => print!("{}", table.text()),
        Format::Markdown => print!("{}", table.markdown()),
        Format::Json => println!("{:#}", table.json()),
    }
    match table.missed().as_slice() {
        [] => Ok(()),
        missed if args.check => Err(Failure::new(format!("missed: {}", missed.join("; ")))),
        _ => Ok(()),
    }
}

fn annotate(apps: &[Apps]) -> Outcome {
    for app in apps {
        let (app, questions) = match app {
            Apps::Hello => (App::Hello, vec![("hello", Question::hello())]),
            Apps::Echo => {
                (App::Echo, vec![("1 KB", Question::echo(1_000)), ("64 KB", Question::echo(64_000))])
            }
            Apps::Routes => (App::Routes(100), vec![("57th route", Question::route(56))]),
            Apps::Chain => (App::Chain, vec![("five middlewares", Question::hello())]),
            Apps::State => (App::State, vec![("state", Question::hello())]),
        };
        let binary = app::build_with_symbols(app)?;
        for (name, question) in questions {
            let warm = callgrind::annotate_warm(&binary, &question)?;
            let cold = callgrind::annotate_cold(&binary, &question)?;
            for (what, costs) in [("one more invocation", warm), ("a cold process with one invocation", cold)]
            {
                println!("\ninstructions of {what}, {name}");
                for (cost, function) in costs.iter().take(30) {
                    println!("{cost:>12}  {function}");
                }
            }
        }
    }
    Ok(())
}

fn hello(table: &mut Table, subject: Subject, counts: bool) -> Outcome {
    let binary = app::build(subject, App::Hello)?;
    let question = Question::hello();
    if counts {
        instructions(table, subject, &binary, &question, table::WARM_HELLO, Some(table::COLD_HELLO))?;
    }
    let cold = measure::cold(&binary, &question)?;
    let warm = measure::warm(&binary, &question)?;
    table.note(table::CPU_TO_INIT, subject, micros(cold.cpu_to_first_next));
    table.note(table::TIME_TO_INIT, subject, micros(cold.to_first_next));
    table.note(table::CPU_WARM, subject, micros(warm.cpu));
    table.note(table::ROUND_TRIP, subject, micros(warm.round_trip));
    table.note(table::PEAK_MEMORY, subject, cold.peak_memory_kb as f64);
    table.note(table::ZIP, subject, app::zip_size(&binary)? as f64 / 1_000.0);
    table.note(table::CRATES, subject, app::crates_in_tree(subject)? as f64);
    Ok(())
}

fn echo(table: &mut Table, subject: Subject) -> Outcome {
    let binary = app::build(subject, App::Echo)?;
    instructions(table, subject, &binary, &Question::echo(1_000), table::WARM_ECHO_1K, None)?;
    instructions(table, subject, &binary, &Question::echo(64_000), table::WARM_ECHO_64K, None)
}

fn routes(table: &mut Table, subject: Subject) -> Outcome {
    let binary = app::build(subject, App::Routes(100))?;
    instructions(table, subject, &binary, &Question::route(56), table::WARM_ROUTES, Some(table::COLD_ROUTES))
}

fn chain(table: &mut Table, subject: Subject) -> Outcome {
    let binary = app::build(subject, App::Chain)?;
    instructions(table, subject, &binary, &Question::hello(), table::WARM_CHAIN, None)
}

fn state(table: &mut Table, subject: Subject) -> Outcome {
    let binary = app::build(subject, App::State)?;
    let counted = callgrind::count(&binary, &Question::hello())?;
    table.note(table::COLD_STATE, subject, counted.cold as f64);
    Ok(())
}

fn build_times(table: &mut Table, subject: Subject) -> Outcome {
    let figures = app::time_builds(subject)?;
    table.note(table::CLEAN_BUILD, subject, figures.clean.as_secs_f64());
    table.note(table::ONE_LINE, subject, figures.one_line.as_secs_f64());
    table.note(table::THOUSAND_ROUTES, subject, figures.thousand_routes.as_secs_f64());
    table.note(table::CHECK_THOUSAND_ROUTES, subject, figures.check_thousand_routes.as_secs_f64());
    table.note(table::GROWTH, subject, figures.growth);
    Ok(())
}

fn instructions(
    table: &mut Table,
    subject: Subject,
    binary: &Path,
    question: &Question,
    warm: Figure,
    cold: Option<Figure>,
) -> Outcome {
    let counted = callgrind::count(binary, question)?;
    table.note(warm, subject, counted.warm as f64);
    if let Some(cold) = cold {
        table.note(cold, subject, counted.cold as f64);
    }
    Ok(())
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000_000.0
}
