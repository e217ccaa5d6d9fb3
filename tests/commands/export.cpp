// `atelier export` and `atelier import`: what Python reads of them, and that episodes come back as they went.
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

namespace {

// Two seeds of a run of seconds in folder "runs", and a model with pictures in "model".
const std::string& workplace() {
  static const Scratch scratch;
  static const std::string folder = [] {
    scratch.write("agent.yaml",
                  "name: quick\nagent: reinforce\nenv: CartPole-v1\ntrain: {steps: 4}\n"
                  "eval: {every: {steps: 2}, episodes: 3}\n");
    scratch.write("model.yaml",
                  "name: spots\nmodel: vae\ndata: moons\nvae: {likelihood: gaussian}\ntrain: {steps: 4}\n");
    const Output made = shell("cd " + scratch.str() + " && atelier run agent.yaml --seeds 2 --out runs" +
                              " && atelier run model.yaml --out model --quiet");
    INFO(made.text);
    REQUIRE(made.code == 0);
    return scratch.str();
  }();
  return folder;
}

Output there(const std::string& command) { return shell("cd " + workplace() + " && " + command); }

void python(const std::string& code) {
  const Scratch scratch;
  const Output output = there("/usr/bin/python3 " + scratch.write("check.py", code));
  INFO(output.text);
  CHECK(output.code == 0);
}

void succeed(const std::string& command) {
  const Output output = there(command);
  INFO(output.text);
  CHECK(output.code == 0);
}

void refuse(const std::string& command, const std::string& said) {
  const Output output = there(command);
  INFO(command << '\n' << output.text);
  CHECK(output.code == 2);
  CHECK(output.text.find(said) != std::string::npos);
  CHECK(std::count(output.text.begin(), output.text.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("metrics of two seeds become one table that pandas reads with equal numbers",
          "[commands][export]") {
  succeed("atelier export runs --format csv --out all.csv");
  succeed("atelier export runs/seed-1 --format csv --metric eval/return_greedy --out one.csv");
  python(R"(
import h5py, numpy, pandas
t = pandas.read_csv('all.csv', float_precision='round_trip')
assert list(t.columns) == 'run name seed metric step env_steps samples wall_s value'.split()
assert set(t.seed) == {0, 1} and set(t.name) == {'quick'}
for seed, file in ((s, h5py.File(f'runs/seed-{s}/run.h5')) for s in (0, 1)):
    for group, table in file['metrics'].items():
        for name in table.dtype.names[4:]:
            mine, rows = t[(t.seed == seed) & (t.metric == f'{group}/{name}')], table[:]
            rows = rows[~numpy.isnan(rows[name])]
            assert list(mine['value']) == list(rows[name]), name
            for column in table.dtype.names[:4]:
                assert list(mine[column]) == list(rows[column]), (name, column)
one = pandas.read_csv('one.csv')
assert set(one.metric) == {'eval/return_greedy'} and len(one) == 2
)");
}

TEST_CASE("event files hold a run's scalars and pictures", "[commands][export]") {
  succeed("atelier export runs model --format tensorboard --out tb");
  succeed("[ -s tb/quick/seed-0/events.out.tfevents.atelier ]");
  python(R"(
import h5py
events = open('tb/quick/seed-1/events.out.tfevents.atelier', 'rb').read()
run = h5py.File('runs/seed-1/run.h5')
rows = sum(len(table) for table in run['metrics'].values())  # of train, eval, time
assert rows == 4 + 2 + 1 and events.count(b'eval/return_greedy') == len(run['metrics/eval']['return_greedy'])
model = h5py.File('model/run.h5')
frames = sum(len(p['step']) for p in model['pictures'].values())
pictures = open('tb/spots/seed-0/events.out.tfevents.atelier', 'rb').read()
assert frames > 0 and pictures.count(b'\x89PNG\r\n') == frames
)");
}

TEST_CASE("event files of later exports lie beside those of earlier ones", "[commands][export]") {
  succeed("atelier export runs/seed-0 --format tensorboard --out both");
  succeed(
      "cp -r runs/seed-1 other && /usr/bin/python3 -c \"import h5py, numpy\n"
      "attributes = h5py.File('other/run.h5', 'a').attrs\n"
      "attributes['seed'] = numpy.bytes_('0')\n"
      "del attributes['seal'], attributes['contents']\"");
  succeed("atelier export other --format tensorboard --out both");
  succeed("atelier export runs/seed-0 other --format tensorboard --out both");  // each replaces its own
  succeed("atelier export runs/seed-0 --format tensorboard --out alone");
  python(R"(
import glob
folders = sorted(glob.glob('both/quick/*'))
assert folders == ['both/quick/seed-0', 'both/quick/seed-0-2'], folders
first, second = (open(f + '/events.out.tfevents.atelier', 'rb').read() for f in folders)
assert first != second
assert first == open('alone/quick/seed-0/events.out.tfevents.atelier', 'rb').read()
)");
}

TEST_CASE("a Minari dataset has the layout that Minari reads, and comes back whole", "[commands][export]") {
  succeed("atelier export runs --format minari --out cartpole/quick-v0");
  python(R"(
import h5py, json, numpy
meta = json.load(open('cartpole/quick-v0/data/metadata.json'))
assert meta['minari_version'] == '0.5.0' and meta['data_format'] == 'hdf5' and meta['dataset_id'] == 'quick-v0'
assert json.loads(meta['action_space']) == {'type': 'Discrete', 'dtype': 'int64', 'start': 0, 'n': 2}
box = json.loads(meta['observation_space'])
assert box['shape'] == [4] and box['dtype'] == 'float32' and box['high'][1] == float('inf')
assert abs(box['low'][0] + 4.8) < 1e-6 and 'Infinity' in meta['observation_space']
spec = json.loads(meta['env_spec'])
assert spec['id'] == 'CartPole-v1' and spec['max_episode_steps'] == 500 and spec['additional_wrappers'] == []
assert spec['vector_entry_point'] == 'gymnasium.envs.classic_control.cartpole:CartPoleVectorEnv'
data = h5py.File('cartpole/quick-v0/data/main_data.hdf5')
assert len(data) == meta['total_episodes']
ours = [h5py.File(f'runs/seed-{s}/episodes.h5') for s in (0, 1)]
heads = [(f, h) for f in ours for h in f['episodes'][:]]
assert len(heads) == len(data) > 4
assert sum(int(h['length']) for _, h in heads) == meta['total_steps']
for k, (f, h) in enumerate(heads):
    e, start, length = data[f'episode_{k}'], int(h['start']), int(h['length'])
    assert e.attrs['id'] == k and e.attrs['seed'] == h['seed'] and e.attrs['total_steps'] == length
    assert e.attrs['rewards_sum'] == h['return']
    first = start + int(h['episode'])
    assert numpy.array_equal(e['observations'][:], f['observations'][first:first + length + 1])
    assert numpy.array_equal(e['actions'][:], f['actions'][start:start + length])
    assert e['actions'].dtype == numpy.int64 and e['rewards'].dtype == numpy.float64
    assert e['terminations'].dtype == bool and e['truncations'].dtype == bool
    assert e['terminations'][-1] == bool(h['terminated']) and not e['terminations'][:-1].any()
    assert e['observations'].maxshape == (None, 4) and e['observations'].chunks and len(e['infos']) == 0
)");
  succeed("atelier import cartpole/quick-v0 --out back.h5");
  python(R"(
import h5py, numpy
a, b = h5py.File('back.h5'), [h5py.File(f'runs/seed-{s}/episodes.h5') for s in (0, 1)]
for name in ('observations', 'actions', 'rewards', 'terminated', 'truncated'):
    assert numpy.array_equal(a[name][:], numpy.concatenate([f[name][:] for f in b])), name
for name in ('seed', 'length', 'return', 'terminated', 'truncated'):
    assert numpy.array_equal(a['episodes'][name], numpy.concatenate([f['episodes'][name] for f in b])), name
assert a.attrs['env'] == b[0].attrs['env'] and a.attrs['env_options'] == b[0].attrs['env_options']
)");
  const Output played = there("atelier watch back.h5 --episode 0 --frames frames --width 80 --height 64");
  INFO(played.text);
  CHECK(played.code == 0);
  CHECK(played.text.find("leaves the recording") == std::string::npos);
}

TEST_CASE("a Minari dataset whose env_spec was edited beside our own words is refused",
          "[commands][export]") {
  succeed("atelier export runs --format minari --out cartpole/edited-v0");
  python(R"(
import json
file = 'cartpole/edited-v0/data/metadata.json'
meta = json.load(open(file))
spec = json.loads(meta['env_spec'])
spec['kwargs']['sutton_barto_reward'] = True
json.dump({**meta, 'env_spec': json.dumps(spec)}, open(file, 'w'))
)");
  const Output refused = there("atelier import cartpole/edited-v0 --out edited.h5");
  INFO(refused.text);
  CHECK(refused.code == 2);
  CHECK(refused.text.find("differ in 'sutton_barto_reward'; --env ID takes neither") != std::string::npos);
  succeed("atelier import cartpole/edited-v0 --env CartPole-v1 --out edited.h5");
}

TEST_CASE("a D4RL file has flat rows, and comes back whole", "[commands][export]") {
  succeed("atelier export runs/seed-0 --format d4rl --out quick.hdf5");
  python(R"(
import h5py, numpy
d, ours = h5py.File('quick.hdf5'), h5py.File('runs/seed-0/episodes.h5')
n = len(ours['rewards'])
assert d['observations'].shape == (n, 4) and d['observations'].dtype == numpy.float32
assert d['rewards'].shape == (n,) and numpy.array_equal(d['rewards'][:], ours['rewards'][:])
assert d['terminals'].dtype == bool and d['timeouts'].dtype == bool
ends = numpy.flatnonzero(d['terminals'][:] | d['timeouts'][:])
heads = ours['episodes'][:]
assert numpy.array_equal(ends, heads['start'] + heads['length'] - 1)
for h in heads:
    first, rows = int(h['start'] + h['episode']), slice(int(h['start']), int(h['start'] + h['length']))
    seen = ours['observations'][first:first + int(h['length']) + 1]
    assert numpy.array_equal(d['observations'][rows], seen[:-1])
    assert numpy.array_equal(d['next_observations'][rows], seen[1:])
# As older files are: no timeouts, no next observations, rewards of two axes.
with h5py.File('old.hdf5', 'w') as old:
    for name in ('observations', 'actions', 'terminals'):
        old[name] = d[name][:]
    old['rewards'] = d['rewards'][:].reshape(n, 1)
)");
  succeed("atelier import quick.hdf5 --out quick.h5");
  python(R"(
import h5py, numpy
a, b = h5py.File('quick.h5'), h5py.File('runs/seed-0/episodes.h5')
for name in ('observations', 'actions', 'rewards', 'terminated', 'truncated'):
    assert numpy.array_equal(a[name][:], b[name][:]), name
assert numpy.array_equal(a['episodes']['seed'], b['episodes']['seed'])
)");
  const Output nameless = there("atelier import old.hdf5 --out nameless.h5");
  INFO(nameless.text);
  CHECK(nameless.code == 0);
  CHECK(nameless.text.find("names no environment, so that atelier watch cannot replay them") !=
        std::string::npos);
  const Output old = there("atelier import old.hdf5 --env CartPole-v1 --out old.h5");
  INFO(old.text);
  CHECK(old.code == 0);
  CHECK(old.text.find("keeps no last observations") != std::string::npos);
  python(
      "import h5py\nassert len(h5py.File('old.h5')['episodes']) == len(h5py.File('quick.h5')['episodes'])\n");
}

TEST_CASE("the parts of a Dict stand apart in Minari's datasets, and come back as one row",
          "[commands][export]") {
  succeed(
      "printf 'name: grid\\nagent: reinforce\\nenv: MiniGrid-Empty-5x5-v0\\ntrain: {steps: 1}\\n"
      "eval: {episodes: 1}\\n' > grid.yaml && atelier run grid.yaml --out grid --quiet"
      " && atelier export grid --format minari --out grid-v3 && atelier import grid-v3 --out grid.h5");
  python(R"(
import h5py, json, numpy
meta = json.load(open('grid-v3/data/metadata.json'))
space = json.loads(meta['observation_space'])
assert space['type'] == 'Dict' and space['subspaces']['image']['shape'] == [7, 7, 3]
assert space['subspaces']['direction'] == {'type': 'Discrete', 'dtype': 'int64', 'start': 0, 'n': 4}
assert numpy.array(space['subspaces']['image']['high']).shape == (7, 7, 3) and 'env_spec' not in meta
seen = h5py.File('grid-v3/data/main_data.hdf5')['episode_0/observations']
ours, back = h5py.File('grid/episodes.h5'), h5py.File('grid.h5')
steps = len(seen['image']) - 1
assert steps == ours['episodes'][0]['length'] and seen['image'].shape == (steps + 1, 7, 7, 3)
assert seen['image'].dtype == numpy.uint8 and seen['direction'].dtype == numpy.int64
assert set(seen['direction'][:]) <= set(range(4)) and list(seen) == sorted(space['subspaces'])
assert numpy.array_equal(ours['observations'][:], back['observations'][:])
)");
}

TEST_CASE("options that Gymnasium has are its keyword arguments, on the way out and back",
          "[commands][export]") {
  succeed(
      "printf 'name: light\\nagent: reinforce\\ntrain: {steps: 1}\\neval: {episodes: 1}\\n"
      "env: {id: CartPole-v1, sutton_barto_reward: true, max_episode_steps: 40}\\n' > light.yaml"
      " && atelier run light.yaml --out light --quiet && atelier run light.yaml env.gravity=5 --out moon "
      "--quiet"
      " && atelier export light --format minari --out light-v0"
      " && atelier export moon --format minari --out moon-v0");
  python(R"(
import h5py, json
spec = json.loads(json.load(open('light-v0/data/metadata.json'))['env_spec'])
assert spec['kwargs'] == {'sutton_barto_reward': True} and spec['max_episode_steps'] == 40
assert 'env_spec' not in json.load(open('moon-v0/data/metadata.json'))  # Gymnasium's gravity is fixed
with h5py.File('light-v0/data/main_data.hdf5', 'a') as file:  # as Gymnasium's own would be
    del file.attrs['atelier_env'], file.attrs['atelier_env_options']
)");
  succeed("atelier import light-v0 --out light.h5");
  python(R"(
import h5py
a, b = h5py.File('light.h5').attrs, h5py.File('light/episodes.h5').attrs
assert a['env'] == b['env'] and a['env_options'] == b['env_options'], (a['env_options'], b['env_options'])
)");
}

TEST_CASE("datasets of environments that are not ours are imported as they are", "[commands][export]") {
  python(R"(
import h5py, json, numpy, os
os.makedirs('far/away-v0/data')
json.dump({'env_spec': json.dumps({'id': 'Away-v3'})}, open('far/away-v0/data/metadata.json', 'w'))
with h5py.File('far/away-v0/data/main_data.hdf5', 'w') as f:
    e = f.create_group('episode_0')
    e['observations'] = numpy.arange(12.0).reshape(4, 3)
    e['actions'] = numpy.ones((3, 2), numpy.float32)
    e['rewards'] = numpy.arange(3.0)
    e['terminations'] = numpy.array([0, 0, 1], bool)
    e['truncations'] = numpy.zeros(3, numpy.uint8)
)");
  const Output output = there("atelier import far/away-v0 --out away.h5");
  INFO(output.text);
  CHECK(output.code == 0);
  CHECK(output.text.find("Away-v3, which is not one of ours") != std::string::npos);
  python(R"(
import h5py, numpy
a = h5py.File('away.h5')
assert a['observations'].dtype == numpy.float32 and numpy.array_equal(a['observations'][:].ravel(), range(12))
assert a['actions'].shape == (3, 2) and a['episodes']['terminated'][0] == 1 and a['episodes']['return'][0] == 3
)");
}

TEST_CASE("what cannot be exported or imported is said in one line", "[commands][export][bad_input]") {
  refuse("atelier export runs --format csv --metric eval/retrun_greedy --out x.csv",
         "did you mean 'eval/return_greedy'");
  refuse("atelier export runs --format csv --out nowhere/x.csv", "nowhere/x.csv: cannot be written");
  refuse("atelier export nothing --format csv --out x.csv", "nothing: no such folder");
  refuse("atelier export model --format minari --out a-v0", "model: holds no recorded episodes (yet)");
  refuse("atelier export runs --format minari --out plain",
         "Minari's datasets are called NAME-v0, found 'plain'");
  refuse("atelier export runs --format d4rl --metric a/b --out x.hdf5", "episodes, which have no metrics");
  succeed(
      "mkdir half newer fresh && head -c 5000 runs/seed-0/run.h5 > half/run.h5"
      " && cp runs/seed-0/run.h5 newer && : > fresh/run.h5");
  python("import h5py\nh5py.File('newer/run.h5', 'a').attrs['format_version'] = 99\n");
  refuse("atelier export half --format csv --out x.csv", "half/run.h5: is not a whole HDF5 file");
  refuse("atelier export fresh --format minari --out a-v0", "fresh/run.h5: is not a whole HDF5 file");
  refuse("atelier export fresh --format csv --out x.csv", "fresh/run.h5: is not a whole HDF5 file");
  refuse("atelier export newer --format tensorboard --out x", "was written by a newer Atelier (format 99");
  refuse("atelier import nothing --out x.h5", "nothing: no such file or folder");
  refuse("atelier import runs --out x.h5", "is no dataset of Minari's");
  refuse("atelier import runs/seed-0/run.h5 --out x.h5", "is no file of D4RL's (it has no 'observations')");
}
