// `atelier import` of data sets as Minari's own collector writes them: by h5py, in the layout of its
// hdf5_storage.py.
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

namespace {

// write(folder, spec, spaces, episodes, jpeg): a data set. An episode is (seed, observations, actions); an
// observation is an array, a dict or a tuple of them.
const char* const collector = R"(
import h5py, io, json, numpy, os

def env_spec(id, entry_point, kwargs={}, wrappers=[], limit=None):
    return json.dumps({'id': id, 'entry_point': entry_point, 'reward_threshold': None, 'nondeterministic': False,
                       'max_episode_steps': limit, 'order_enforce': True, 'disable_env_checker': False,
                       'kwargs': kwargs, 'additional_wrappers': wrappers, 'vector_entry_point': None})

def put(group, name, data):
    if isinstance(data, dict):
        for key, part in data.items():
            put(group.require_group(name), key, part)
    elif isinstance(data, tuple):
        put(group, name, {f'_index_{k}': part for k, part in enumerate(data)})
    elif isinstance(data[0], str):
        group.create_dataset(name, data=data, dtype=h5py.string_dtype('utf-8'), chunks=True, maxshape=(None,))
    elif isinstance(data[0], bytes):  # JPEG: of equal length in rows, else of variable length
        frames = [numpy.frombuffer(frame, numpy.uint8) for frame in data]
        lengths = {len(frame) for frame in frames}
        group.create_dataset(name, data=frames if len(lengths) == 1 else numpy.array(frames, dtype=object),
                             dtype=None if len(lengths) == 1 else h5py.vlen_dtype(numpy.uint8), chunks=True)
    else:
        data = numpy.asarray(data)
        group.create_dataset(name, data=data, chunks=True, maxshape=(None, *data.shape[1:]))

def write(folder, spec, space, episodes, jpeg=True):
    os.makedirs(folder + '/data')
    steps = sum(len(actions) for _, _, actions in episodes)
    meta = {'total_episodes': len(episodes), 'total_steps': steps, 'data_format': 'hdf5',
            'jpeg_encoding': jpeg, 'observation_space': json.dumps(space),
            'action_space': json.dumps({'type': 'Discrete', 'dtype': 'int64', 'start': 0, 'n': 2}),
            'minari_version': '0.5.3', 'dataset_id': folder}
    if spec:
        meta['env_spec'] = spec
    json.dump(meta, open(folder + '/data/metadata.json', 'w'))
    with h5py.File(folder + '/data/main_data.hdf5', 'a', track_order=True) as file:
        for k, (seed, observations, actions) in enumerate(episodes):
            group = file.create_group(f'episode_{k}')
            group.attrs['id'], group.attrs['total_steps'] = k, len(actions)
            if seed is not None:
                group.attrs['seed'] = seed
            put(group, 'observations', observations)
            put(group, 'actions', actions)
            put(group, 'rewards', numpy.ones(len(actions)))
            put(group, 'terminations', numpy.arange(len(actions)) == len(actions) - 1)
            put(group, 'truncations', numpy.zeros(len(actions), bool))
            group.create_group('infos')

inf = float('inf')
cart = {'type': 'Box', 'dtype': 'float32', 'shape': [4], 'low': [-4.8, -inf, -0.41, -inf],
        'high': [4.8, inf, 0.41, inf]}
)";

struct Place {
  Scratch scratch;

  Output operator()(const std::string& command) const {
    return shell("cd " + scratch.str() + " && " + command);
  }
  void python(const std::string& code) const {
    const Output output = (*this)("/usr/bin/python3 " + scratch.write("script.py", collector + code));
    INFO(output.text);
    REQUIRE(output.code == 0);
  }
  std::string succeed(const std::string& command) const {
    const Output output = (*this)(command);
    INFO(output.text);
    CHECK(output.code == 0);
    return output.text;
  }
};

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a data set without pictures is read whatever its jpeg_encoding says, and its seeds are whole",
          "[commands][minari]") {
  const Place at;
  at.python(R"(
seeds = [2**63 + 5, 2**64 - 1, 7]
write('cart-v0', env_spec('CartPole-v1', 'gymnasium.envs.classic_control.cartpole:CartPoleEnv', limit=500), cart,
      [(seed, numpy.zeros((3, 4), numpy.float32), numpy.zeros(2, numpy.int64)) for seed in seeds])
)");
  CHECK(holds(at.succeed("atelier import cart-v0 --out cart.h5"), "CartPole-v1; atelier watch plays them"));
  at.python(R"(
write('push-v0', env_spec('CartPole-v1', 'gymnasium.envs.classic_control.cartpole:CartPoleEnv', limit=500), cart,
      [(1, numpy.zeros((3, 4), numpy.float32), numpy.array([1, 7]))])
heads = h5py.File('cart.h5')['episodes']
assert heads.dtype['seed'] == numpy.uint64 and [int(s) for s in heads['seed']] == [2**63 + 5, 2**64 - 1, 7]
)");
  const Output pushed = at("atelier import push-v0 --out push.h5; ls");
  CHECK(holds(pushed.text, "episode 0: CartPole-v1: step 1: action 7 is not in Discrete(2)"));
  CHECK_FALSE(holds(pushed.text, "push.h5\n"));
}

TEST_CASE("pictures are JPEG where their space is a picture's, in rows of equal and of variable length",
          "[commands][minari]") {
  const Place at;
  at.python(R"(
import subprocess
def jpeg(colour, size='40x32'):
    made = subprocess.run(['ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', f'color={colour}:s={size},format=yuvj444p',
                           '-frames:v', '1', '-q:v', '1', '-f', 'mjpeg', '-'], stdout=subprocess.PIPE, check=True)
    return made.stdout
red, blue = jpeg('0xff0000'), jpeg('0x0000ff')
space = {'type': 'Box', 'dtype': 'uint8', 'shape': [32, 40, 3], 'low': [[[0] * 3] * 40] * 32,
         'high': [[[255] * 3] * 40] * 32}
act = numpy.zeros(1, numpy.int64)
write('even-v0', None, space, [(1, [red, red], act)])
write('odd-v0', None, space, [(1, [red, blue + bytes(3)], act)])
write('both-v0', None, {'type': 'Dict', 'subspaces': {'speed': cart, 'camera': space}},
      [(1, {'speed': numpy.full((2, 4), 0.5, numpy.float32), 'camera': [red, blue]}, act)])
write('raw-v0', None, space, [(1, numpy.full((2, 32, 40, 3), 9, numpy.uint8), act)], jpeg=False)
write('small-v0', None, space, [(1, [jpeg('red', '64x32'), red], act)])
write('torn-v0', None, space, [(1, [red, b'no picture at all'], act)])
)");
  for (const char* name : {"even", "odd", "both", "raw"})
    at.succeed(std::string("atelier import ") + name + "-v0 --out " + name + ".h5");
  at.python(R"(
def near(pixels, colour):
    return numpy.abs(pixels.reshape(-1, 3).astype(int) - colour).max() < 12
even, odd, both, raw = (h5py.File(f'{n}.h5')['observations'] for n in ('even', 'odd', 'both', 'raw'))
assert even.shape == (2, 32, 40, 3) and even.dtype == numpy.uint8 and near(even[1], [255, 0, 0])
assert near(odd[0], [255, 0, 0]) and near(odd[1], [0, 0, 255])
assert both.dtype == numpy.float32 and both.shape == (2, 4 + 32 * 40 * 3)
assert (both[:, :4] == 0.5).all() and near(both[1, 4:], [0, 0, 255])
assert (raw[:] == 9).all()
)");
  const Output small = at("atelier import small-v0 --out small.h5"),
               torn = at("atelier import torn-v0 --out t.h5");
  INFO(small.text << torn.text);
  CHECK((small.code == 2 && holds(small.text, "it is 32 x 64, expected 32 x 40")));
  CHECK((torn.code == 2 && holds(torn.text, "picture 1 of '/episode_0/observations' cannot be read")));
}

TEST_CASE("keyword arguments become our options, and what ours lacks is said", "[commands][minari]") {
  const Place at;
  at.python(R"(
def one(name, id, kwargs={}, wrappers=[], limit=200):
    entries = {'Pendulum': 'classic_control.pendulum:PendulumEnv', 'LunarLan': 'box2d.lunar_lander:LunarLander',
               'FrozenLa': 'toy_text.frozen_lake:FrozenLakeEnv', 'MiniGrid': 'minigrid'}
    entry = 'gymnasium.envs.' + entries[id[:8]]
    widths = {'Pendulum': 3, 'LunarLan': 8, 'FrozenLa': 0}
    width = widths.get(id[:8], 3)
    discrete = {'type': 'Discrete', 'dtype': 'int64', 'start': 0, 'n': 16}
    space = discrete if width == 0 else {'type': 'Box', 'dtype': 'float32', 'shape': [width],
                                         'low': [-inf] * width, 'high': [inf] * width}
    seen = numpy.zeros(2, numpy.int64) if width == 0 else numpy.zeros((2, width), numpy.float32)
    acts = {'Pendulum': numpy.zeros((1, 1), numpy.float32), 'LunarLan': numpy.zeros((1, 2), numpy.float32)}
    write(name, env_spec(id, entry, kwargs, wrappers, limit), space,
          [(1, seen, acts.get(id[:8], numpy.zeros(1, numpy.int64)))])
one('plain-v0', 'Pendulum-v1', {'render_mode': 'rgb_array'})
one('light-v0', 'Pendulum-v1', {'g': 7.5}, limit=50)
one('windy-v0', 'LunarLander-v3', {'continuous': True, 'enable_wind': True, 'wind_power': 5.0}, limit=1000)
one('own-v0', 'FrozenLake-v1', {'map_name': '4x4', 'desc': ['SF', 'FG'], 'is_slippery': False}, limit=100)
one('odd-v0', 'Pendulum-v1', {'mass': 2})
one('steep-v0', 'LunarLander-v3', {'gravity': -15.0, 'continuous': True}, limit=1000)
one('wrapped-v0', 'Pendulum-v1', wrappers=[{'name': 'RescaleObservation', 'entry_point': 'x:y', 'kwargs': {}}])
one('usual-v0', 'FrozenLake-v1', {'map_name': '4x4', 'desc': None, 'is_slippery': True}, limit=50.0)
one('words-v0', 'Pendulum-v1', wrappers=['x'])
one('numbers-v0', 'Pendulum-v1', wrappers=[{'name': 3}])
one('listed-v0', 'Pendulum-v1', kwargs=[1])
)");
  for (const char* name : {"plain", "light", "windy", "own", "usual", "listed"})
    CHECK(holds(at.succeed(std::string("atelier import ") + name + "-v0 --out " + name + ".h5"),
                "atelier watch plays them"));
  CHECK(holds(at.succeed("atelier import odd-v0 --out odd.h5"),
              "Pendulum-v1 with the keyword argument 'mass', which ours lacks: atelier watch cannot replay"));
  CHECK(holds(at.succeed("atelier import steep-v0 --out steep.h5"),
              "LunarLander-v3 with a keyword argument ("));
  CHECK(holds(at.succeed("atelier import wrapped-v0 --out wrapped.h5"), "the wrapper 'RescaleObservation'"));
  for (const char* name : {"words", "numbers"})  // what no Gymnasium writes
    CHECK(holds(at.succeed(std::string("atelier import ") + name + "-v0 --out " + name + ".h5"),
                "the wrapper '?'"));
  at.python(R"(
def options(name):
    attributes = h5py.File(name + '.h5').attrs
    return attributes['env'].decode(), attributes['env_options'].decode()
assert options('plain')[0] == 'Pendulum-v1' and 'gravity: 10' in options('plain')[1]
assert 'gravity: 7.5' in options('light')[1] and 'max_episode_steps: 50' in options('light')[1]
id, windy = options('windy')
assert id == 'LunarLanderContinuous-v3' and 'enable_wind: true' in windy and 'wind_power: 5' in windy
assert '[SF, FG]' in options('own')[1] and 'is_slippery: false' in options('own')[1], options('own')
assert 'max_episode_steps: 50' in options('usual')[1] and 'map_name: "4x4"' in options('usual')[1], options('usual')
assert options('odd') == ('', '') and options('wrapped') == ('', '')
)");
}

TEST_CASE("actions in parts, more of them than rewards, and a gap between episodes are refused",
          "[commands][minari]") {
  const Place at;
  at.python(R"(
write('parts-v0', None, cart, [(1, numpy.ones((2, 4), numpy.float32), {'a': numpy.array([1])})])
write('long-v0', None, cart, [(1, numpy.ones((2, 4), numpy.float32), numpy.array([1]))])
with h5py.File('long-v0/data/main_data.hdf5', 'r+') as file:
    file['episode_0/actions'].resize(3, axis=0)
write('gap-v0', None, cart, 3 * [(1, numpy.ones((2, 4), numpy.float32), numpy.array([1]))])
with h5py.File('gap-v0/data/main_data.hdf5', 'r+') as file:
    del file['episode_1']
one = [(1, numpy.ones((2, 4), numpy.float32), numpy.array([1]))]
write('deep-v0', None, cart, one)
meta = open('deep-v0/data/metadata.json').read()
open('deep-v0/data/metadata.json', 'w').write(meta[:-1] + ', "jpeg_encoding": ' + '[' * 200000 + ']' * 200000 + '}')
for name, part, rows in (('rows-v0', 'observations', 9), ('ends-v0', 'terminations', 3)):
    write(name, None, cart, one)
    with h5py.File(name + '/data/main_data.hdf5', 'r+') as file:
        held = file['episode_0/' + part][0]
        del file['episode_0/' + part]
        file['episode_0/' + part] = numpy.array(rows * [held])
for name, seed in (('minus-v0', -1), ('half-v0', 1.5), ('word-v0', '77'), ('none-v0', 'None')):
    write(name, None, cart, [(seed, *one[0][1:])])
write('behind-v0', None, cart, one)
with h5py.File('behind-v0/data/main_data.hdf5', 'r+') as file:
    file.copy('episode_0', 'episode_2')
write('cut-v0', None, cart, one)
with h5py.File('cut-v0/data/main_data.hdf5', 'r+') as file:
    file['episode_0'].attrs['total_steps'] = 2
write('less-v0', None, cart, one)
told = json.load(open('less-v0/data/metadata.json'))
json.dump({**told, 'total_steps': 9}, open('less-v0/data/metadata.json', 'w'))
)");
  const auto refused = [&](const std::string& name, const std::string& words) {
    const Output output = at("atelier import " + name + " --out x.h5");
    INFO(output.text);
    CHECK(output.code == 2);
    CHECK(holds(output.text, words));
  };
  refused("deep-v0", "data/metadata.json is no JSON object");
  refused("rows-v0", "'/episode_0/observations' has 9 rows, expected 2");
  refused("ends-v0", "'/episode_0/terminations' has 3 rows, expected 1");
  refused("minus-v0", "the seed of '/episode_0' is below 0");
  refused("half-v0", "the seed of '/episode_0' is no whole number");
  refused("word-v0", "the seed of '/episode_0' is no whole number");
  refused("behind-v0", "holds 'episode_2' behind 1 episodes in a row");
  refused("cut-v0", "'/episode_0' has 1 rewards, and its total_steps are others");
  refused("less-v0", "data/metadata.json tells of 9 steps, data/main_data.hdf5 holds 1");
  at.succeed("atelier import none-v0 --out none.h5");
  const Output parts = at("atelier import parts-v0 --out x.h5"),
               more = at("atelier import long-v0 --out x.h5");
  CHECK((parts.code == 2 && holds(parts.text, "actions are a Dict or a Tuple, expected Discrete")));
  const Output gap = at("atelier import gap-v0 --out x.h5");
  CHECK((gap.code == 2 && holds(gap.text, "tells of 3 episodes")));
  CHECK((more.code == 2 && holds(more.text, "'/episode_0' has 3 actions and 1 rewards")));
}

TEST_CASE("Tuples and text are read: Blackjack's cards, MiniGrid's mission, parts of what is not ours",
          "[commands][minari]") {
  const Place at;
  at.python(R"(
def discrete(n): return {'type': 'Discrete', 'dtype': 'int64', 'start': 0, 'n': n}
write('cards-v0', env_spec('Blackjack-v1', 'gymnasium.envs.toy_text.blackjack:BlackjackEnv',
                           {'sab': True, 'natural': False}),
      {'type': 'Tuple', 'subspaces': [discrete(32), discrete(11), discrete(2)]},
      [(3, (numpy.array([12, 20]), numpy.array([5, 5]), numpy.array([0, 1])), numpy.array([1]))])
view = {'type': 'Box', 'dtype': 'uint8', 'shape': [7, 7, 3], 'low': [[[0] * 3] * 7] * 7, 'high': [[[255] * 3] * 7] * 7}
text = {'type': 'Text', 'max_length': 200, 'min_length': 1, 'charset': 'abc'}
grid = {'type': 'Dict', 'subspaces': {'direction': discrete(4), 'image': view, 'mission': text}}
def seen(mission):
    return {'direction': numpy.array([1, 2]), 'image': numpy.full((2, 7, 7, 3), 2, numpy.uint8), 'mission': [mission] * 2}
write('grid-v0', env_spec('MiniGrid-Empty-5x5-v0', 'minigrid.envs:EmptyEnv', {'size': 5}), grid,
      [(3, seen('get to the green goal square'), numpy.array([1]))])
write('talk-v0', env_spec('BabyAI-GoTo-v0', 'minigrid.envs.babyai:GoTo'), grid, [(3, seen('go'), numpy.array([1]))])
write('other-v0', None, {'type': 'Tuple', 'subspaces': [cart, {'type': 'Dict', 'subspaces': {'a': discrete(3)}}]},
      [(3, (numpy.ones((2, 4), numpy.float32), {'a': numpy.array([2, 1])}), numpy.array([1]))])
)");
  for (const char* name : {"cards", "grid"})
    CHECK(holds(at.succeed(std::string("atelier import ") + name + "-v0 --out " + name + ".h5"),
                "atelier watch plays them"));
  for (const char* name : {"talk", "other"})
    at.succeed(std::string("atelier import ") + name + "-v0 --out " + name + ".h5");
  at.python(R"(
cards, grid, talk, other = (h5py.File(f'{n}.h5')['observations'][:] for n in ('cards', 'grid', 'talk', 'other'))
assert cards.tolist() == [[12, 5, 0], [20, 5, 1]]
assert grid.shape == (2, 149) and grid[:, -1].tolist() == [0, 0] and grid[:, -2].tolist() == [1, 2]
assert talk.shape == (2, 148) and talk[:, 0].tolist() == [1, 2] and (talk[:, 1:] == 2).all()
assert other.tolist() == [[1, 1, 1, 1, 2], [1, 1, 1, 1, 1]]
)");
}
