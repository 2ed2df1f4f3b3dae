import { Command, Option } from 'commander';
import { PROTOCOLS } from '../control/protocol.ts';
import { CONTROLLER_NAMES } from '../study/controllerNames.ts';
import { numberFlag } from '../study/flagValue.ts';
import { addPolicy, POLICY_HELP } from './policyFlag.ts';
import { addOrigin, hostFlag, tokenFlag } from './serveFlags.ts';
import { addSet, SET_HELP } from './setFlag.ts';
import { print } from './terminal.ts';
import { policyName, scheduleFlag, weightsFlag } from './trainFlags.ts';

const namesOf = (entries: readonly { readonly name: string }[]) => entries.map(({ name }) => name).join(', ');

const SEED_MAX = Number.MAX_SAFE_INTEGER;
const SEEDS_MAX = 10_000;
/** As long as a scenario may last, s. */
const DURATION_MAX = 1_000_000;

const seconds = (flag: string, min = 0.01) => numberFlag(flag, { min, max: DURATION_MAX, unit: 's' });
const wholeNumber = (flag: string, min: number, max: number) => numberFlag(flag, { min, max, whole: true });
const eachS = numberFlag('--each-s', { min: 0.01, max: 10, unit: 's' });
const seedFlag = (flag: string) => wholeNumber(flag, -SEED_MAX, SEED_MAX);
const seed = seedFlag('--seed');
const SEED_HELP = "what chance draws from (default: 0; of CityFlow files, their configuration's seed)";

const INTERVENTIONS_HELP =
  'close and open lanes and drop incidents as somebody did who watched: the log of that session';

const COMPARE_HELP = `
Every controller sees the same arrivals for each seed. Ctrl-C writes what is finished, marked as partial.

  greenwave compare scenarios/corridor.yaml --controllers fixed-time,webster,max-pressure --out runs/corridor`;

const TRAIN_HELP = `
The best policy on traffic not trained on is kept; the start is the first of them. Ctrl-C loses the generation under way.
What is shown meanwhile is the average delay on that traffic against max-pressure’s.

  greenwave train scenarios/corridor.yaml --cities 20 --minutes 10 --out runs/training
  greenwave train --resume runs/training --minutes 10`;

const SERVE_HELP = `
Only this machine can reach the server unless --host says otherwise. With --host, a token is needed for control.

  greenwave serve
  greenwave serve grid.yaml --port 8080
  GREENWAVE_TOKEN=$(openssl rand -hex 16) greenwave serve --host 0.0.0.0`;

/** The commands and their flags. What a command needs is loaded when it is called, so that all start quickly. */
export function programOf(version: string): Command {
  const program = new Command('greenwave')
    .description('A laboratory for traffic signals: runs scenarios, compares controllers, measures honestly.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command');

  studied(
    program
      .command('run')
      .description('run a scenario to its end and print what it came to')
      .argument('<file>', 'a scenario (YAML or JSON) or a CityFlow config.json')
      .option(
        '--controller <name>',
        `who decides the phases: ${CONTROLLER_NAMES.join(', ')} (default: fixed-time)`,
      )
      .option('--seed <n>', SEED_HELP, seed),
  )
    .option('--interventions <log>', INTERVENTIONS_HELP)
    .option('--out <dir>', 'write summary.json, trips.csv, movements.csv and signals.csv into this folder')
    .option('--json', 'print one JSON object')
    .action(async (file, flags) => (await import('./run.ts')).run(file, flags));

  studied(
    program
      .command('compare')
      .description('run several controllers on the same traffic, and write a report of what they come to')
      .argument('<file>', 'a scenario (YAML or JSON) or a CityFlow config.json')
      .option(
        '--controllers <names>',
        `with commas between them; the first is what the others are compared with: ${CONTROLLER_NAMES.join(', ')}`,
        'fixed-time,max-pressure',
      )
      .option(
        '--seeds <n>',
        'runs of each controller, each with other arrivals',
        wholeNumber('--seeds', 1, SEEDS_MAX),
        20,
      )
      .option(
        '--first-seed <n>',
        'the others follow it',
        wholeNumber('--first-seed', -SEED_MAX, SEED_MAX - SEEDS_MAX),
        1,
      )
      .option(
        '--trace-seed <n>',
        'the seed that is drawn in detail (default: the first)',
        seedFlag('--trace-seed'),
      )
      .option(
        '--warmup-s <n>',
        'what is left out at the start of every run, s; auto: found by MSER-5 in pilot runs',
        'auto',
      )
      .option(
        '--precision-s <n>',
        'half the width that the intervals of the delay should have, s: tells how many seeds that takes',
        seconds('--precision-s'),
      )
      .option(
        '--workers <n>',
        'runs at a time; results do not depend on it (default: one for each core)',
        wholeNumber('--workers', 1, 1024),
      ),
  )
    .option('--interventions <log>', INTERVENTIONS_HELP)
    .option('--json', 'print one JSON object')
    .requiredOption(
      '--out <dir>',
      'write report.html, comparison.json, runs.csv and trips.csv into this folder',
    )
    .addHelpText('after', COMPARE_HELP)
    .action(async (file, flags) => (await import('./compare.ts')).compare(file, flags));

  studied(
    program
      .command('explain')
      .description('take one decision of a trained policy apart: why this phase, and what of the others')
      .argument('<file>', 'a scenario (YAML or JSON) or a CityFlow config.json')
      .requiredOption('--intersection <id>', 'whose decision')
      .requiredOption('--time-s <n>', 'the first decision at this time or later, s', seconds('--time-s', 0))
      .option('--seed <n>', SEED_HELP, seed)
      .option(
        '--counterfactual <phase>',
        'run the next 60 s again with this phase asked for, or with each: all',
      ),
  )
    .option('--json', 'print one JSON object')
    .action(async (file, flags) => (await import('./explain.ts')).explain(file, flags));

  program
    .command('validate')
    .description('tell everything that is wrong with a file')
    .argument('<file>', 'a scenario (YAML or JSON) or a CityFlow config.json')
    .action(async (file) => (await import('./validate.ts')).validate(file));

  program
    .command('generate')
    .description('write a new scenario')
    .command('grid')
    .description('random trips on a grid of streets')
    .requiredOption('--rows <n>', 'streets from west to east', wholeNumber('--rows', 1, 1000))
    .requiredOption('--columns <n>', 'streets from north to south', wholeNumber('--columns', 1, 1000))
    .requiredOption('--vehicles <n>', 'trips', wholeNumber('--vehicles', 0, 10_000_000))
    .option('--duration-s <n>', 'all trips begin within this time, s', seconds('--duration-s'), 3600)
    .option('--seed <n>', 'what chance draws from', seed, 0)
    .addOption(
      new Option('--ends <where>', 'where trips begin and end')
        .choices(['boundary', 'anywhere'])
        .default('boundary'),
    )
    .requiredOption('--out <file>', 'where to write it: YAML, or JSON if the name ends in .json')
    .action(async (flags) => (await import('./generate.ts')).generate(flags));

  program
    .command('export')
    .description("write a scenario as another simulator's files")
    .command('cityflow')
    .description('roadnet.json, flow.json and config.json that CityFlow loads')
    .argument('<file>', 'a scenario (YAML or JSON) or a CityFlow config.json')
    .option('--seed <n>', 'what random arrivals are drawn from', seed, 0)
    .requiredOption('--out <dir>', 'the folder to write into')
    .action(async (file, flags) => (await import('./exportCityFlow.ts')).exportCityFlow(file, flags));

  program
    .command('bench')
    .description('measure how fast scenarios run on this machine')
    .argument('[files...]', 'scenarios to measure (default: those shipped, and a grid of 30 × 30)')
    .option('--controller <name>', 'who decides the phases', 'max-pressure')
    .option('--policy <file>', POLICY_HELP, addPolicy)
    .option('--protocol <name>', "rules of a study (default: the file's own)")
    .option('--duration-s <n>', "how long a run lasts, s (default: the file's)", seconds('--duration-s'))
    .option('--runs <n>', 'runs that count, after two to warm up', wholeNumber('--runs', 1, 1000), 9)
    .option('--run-s <n>', 'CPU time that a run lasts at least, s', seconds('--run-s'), 1)
    .option('--json', 'print one JSON object')
    .action(async (files, flags) => (await import('./bench.ts')).bench(files, flags))
    .command('live')
    .description('measure what the live view costs the server on this machine, with up to 1,000 viewers')
    .option('--seconds <n>', 'how long each case is watched', seconds('--seconds', 2), 15)
    .option(
      '--soak-minutes <n>',
      'instead: viewers that come and go for so long, and what that does to memory',
      numberFlag('--soak-minutes', { min: 1, max: 10_000 }),
    )
    .option('--json', 'print one JSON object')
    // --json is the outer command's too, which takes it wherever it stands.
    .action(async (_, command) => (await import('./benchLive.ts')).benchLive(command.optsWithGlobals()));

  program
    .command('optimize')
    .description('search a better plan, or better settings, on some seeds, and judge it on others')
    .argument('<file>', 'a scenario (YAML or JSON)')
    .requiredOption(
      '--controller <name>',
      'whose plan to begin with (fixed-time, webster, green-wave), or whose settings to search (actuated and others)',
    )
    .option('--seeds <n>', 'seeds to search on', wholeNumber('--seeds', 1, 1000), 4)
    .option('--held-out <n>', 'other seeds to judge on', wholeNumber('--held-out', 2, 1000), 10)
    .option('--evaluations <n>', 'plans to try at most', wholeNumber('--evaluations', 1, 1_000_000), 200)
    .option('--measure <name>', 'what to make small, or large if more is better', 'averageDelayS')
    .option('--duration-s <n>', "how long a run lasts, s (default: the file's)", seconds('--duration-s'))
    .option(
      '--jitter-s <n>',
      'move every fixed departure by up to this much, s (default: 0)',
      seconds('--jitter-s', 0),
    )
    .option('--set <key=value>', SET_HELP, addSet)
    .requiredOption('--out <file>', 'the scenario to write: YAML, or JSON if the name ends in .json')
    .action(async (file, flags) => (await import('./optimize.ts')).optimize(file, flags));

  program
    .command('gpu')
    .description('tell which backends of TensorFlow load here, on which device, and how fast each trains')
    .option('--each-s <n>', 'time given to each size of batch, s', eachS, 1)
    .option('--json', 'print one JSON object')
    .action(async (flags) => (await import('./gpu.ts')).gpu(flags));

  program
    .command('train')
    .description('train a policy for signals on scenarios, on cities drawn at random, or both')
    .argument('[files...]', 'scenarios (YAML or JSON) or CityFlow config.json')
    .option(
      '--cities <n>',
      'random cities to train on, of each of two kinds',
      wholeNumber('--cities', 0, 10_000),
    )
    .option(
      '--protocol <name>',
      'rules of a study for the files (default: scenario; literature-15 and literature-5 in turn where a CityFlow file asks for controllers)',
    )
    .option('--detectors-only', 'train on what detectors tell, and no more')
    .option('--start <file>', 'a policy to begin with (default: a rule close to advanced-max-pressure)')
    .option('--name <name>', 'what the policy is called (default: learned)', policyName)
    .option('--seed <n>', SEED_HELP, seed)
    .option(
      '--population <n>',
      'policies tried in a generation (default: 16)',
      wholeNumber('--population', 4, 1000),
    )
    .option('--generations <n>', 'when to end (default: 30)', wholeNumber('--generations', 1, 1_000_000))
    .option(
      '--episodes <n>',
      'when to end, by runs of policies in training',
      wholeNumber('--episodes', 1, 1_000_000_000),
    )
    .option(
      '--minutes <n>',
      'when to end, by the clock: the number of generations depends on the machine then',
      numberFlag('--minutes', { min: 0.01, max: 100_000, unit: 'min' }),
    )
    .option(
      '--workers <n>',
      'runs at a time; results do not depend on it (default: one for each core)',
      wholeNumber('--workers', 1, 1024),
    )
    .option(
      '--backend <name>',
      'what a network is trained on, where there is one: tensorflow, webgpu, wasm, cpu (default: auto, the first there is)',
    )
    .option(
      '--weights <d,p,w>',
      'what average delay, its 95th percentile and the longest wait count (default: 0.6,0.2,0.2)',
      weightsFlag,
    )
    .option(
      '--schedule <a,b>',
      'generations after which a network is learned, and after which evolution goes on (default: six and eight tenths)',
      scheduleFlag,
    )
    .option(
      '--resume <dir>',
      'go on with the training in this folder; files and flags are those it was begun with',
    )
    .option('--out <dir>', 'write policy.json, history.csv, event files for TensorBoard and checkpoints here')
    .addHelpText('after', TRAIN_HELP)
    .action(async (files, flags) => (await import('./train.ts')).train(files, flags));

  program
    .command('replay')
    .description(
      'run what was watched again, from the log of a session, and hold it against its fingerprints',
    )
    .argument('<log>', 'the log of a session')
    .option('--scenario <file>', 'the scenario, where it is not found under the name that the log has')
    .option('--policy <file>', POLICY_HELP, addPolicy)
    .option('--json', 'print one JSON object')
    .action(async (file, flags) => (await import('./replay.ts')).replay(file, flags));

  program
    .command('serve')
    .description('show traffic live in the browser, two controllers side by side')
    .argument('[files...]', 'scenarios (YAML or JSON) or CityFlow config.json (default: those shipped)')
    .option('--port <n>', 'where to listen; 0: any port that is free', wholeNumber('--port', 0, 65_535), 3000)
    .option('--host <name>', 'on which address of this machine; 0.0.0.0: on all', hostFlag, 'localhost')
    .option(
      '--token <text>',
      'who gives it may control, others may watch (or set GREENWAVE_TOKEN)',
      tokenFlag,
    )
    .option('--view-only', 'nobody may control')
    .option('--origin <url>', 'address of the page behind a proxy; may be given again', addOrigin)
    .option(
      '--behind-proxy',
      'count viewers by the address that the proxy adds to X-Forwarded-For; only where nobody gets past it',
    )
    .option('--sessions-max <n>', 'sessions at a time', wholeNumber('--sessions-max', 1, 1000), 8)
    .addOption(
      new Option('--log-level <name>', 'what is written to stderr, as JSON lines')
        .choices(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info'),
    )
    .option('--policy <file>', POLICY_HELP, addPolicy)
    .option('--protocol <name>', "rules of a study (default: the file's own)")
    .option('--duration-s <n>', "how long a run lasts, s (default: the file's)", seconds('--duration-s'))
    .addHelpText('after', SERVE_HELP)
    .action(async (files, flags) => (await import('./serve.ts')).serve(files, flags));

  program
    .command('demo')
    .description('run a ready scenario under three controllers and compare them')
    .action(async () => (await import('./demo.ts')).demo());

  for (const command of everyCommand(program)) {
    command.exitOverride().configureOutput({ writeOut: print, writeErr: () => {} });
  }
  return program;
}

/** With the options of every command that runs one file under rules of a study. */
function studied(command: Command): Command {
  return command
    .option(
      '--protocol <name>',
      `rules of a study: ${namesOf(PROTOCOLS)} (default: scenario, or literature-15 where a CityFlow file asks for controllers)`,
    )
    .option('--duration-s <n>', "how long a run lasts, s (default: the file's)", seconds('--duration-s'))
    .option(
      '--decision-s <n>',
      "time from decision to decision, s (default: the protocol's)",
      seconds('--decision-s'),
    )
    .option(
      '--jitter-s <n>',
      'move every fixed departure by up to this much, s (default: 0)',
      seconds('--jitter-s', 0),
    )
    .option(
      '--demand-scale <n>',
      'vehicles for each one in the file (default: 1)',
      numberFlag('--demand-scale', { min: 0, max: 100 }),
    )
    .option('--set <key=value>', SET_HELP, addSet)
    .option('--policy <file>', POLICY_HELP, addPolicy)
    .option('--detectors-only', 'learned controllers see what detectors tell, and no more')
    .option('--perfect-detection', 'lift the faults that the scenario gives to detectors');
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
