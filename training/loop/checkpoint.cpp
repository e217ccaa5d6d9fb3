#include "training/loop/checkpoint.h"

#include <array>
#include <map>

#include "core/checkpoint.h"
#include "core/error.h"
#include "core/generations.h"
#include "core/hdf5.h"
#include "training/loop/stream_state.h"

namespace training {

namespace {

using Named = NamedTensors;

hid_t dtype_of(const torch::Tensor& t) {
  switch (t.scalar_type()) {
    case torch::kFloat32:
      return H5T_NATIVE_FLOAT;
    case torch::kFloat64:
      return H5T_NATIVE_DOUBLE;
    case torch::kInt64:
      return H5T_NATIVE_INT64;
    case torch::kInt32:
      return H5T_NATIVE_INT32;
    case torch::kUInt8:
      return H5T_NATIVE_UINT8;
    default:
      core::fail("a checkpoint holds float32, float64, int64, int32 and uint8 tensors, not {}",
                 toString(t.scalar_type()));
  }
}

// Every tensor of a full checkpoint with its path in the file.
Named weights(const Session& session) {
  Named all;
  for (auto& [name, tensor] : session.registry.tensors()) all.emplace_back("/parameters/" + name, tensor);
  return all;
}

Named everything(Session& session) {
  Named all = weights(session);
  for (auto& [name, group] : session.updater.groups()) {
    for (auto& [path, tensor] : group.optimizer.state())
      all.emplace_back("/optim/" + name + "/" + path, tensor);
    if (group.accumulated > 0)
      for (const Parameter& p : group.optimizer.parameters())
        if (p.tensor.grad().defined())
          all.emplace_back("/optim/" + name + "/gradient/" + p.name, p.tensor.grad());
    for (const auto& m : group.ema) all.emplace_back("/ema/" + m.name, m.average);
  }
  for (auto& [name, tensor] : session.registry.buffers) all.emplace_back("/buffers/" + name, tensor);
  return all;
}

core::h5::Axes shape_of(const torch::Tensor& tensor) {
  return {tensor.sizes().begin(), tensor.sizes().end()};
}

void write_tensor(core::h5::File& file, const std::string& path, const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.detach().cpu().contiguous();
  file.write(path, plain.data_ptr(), dtype_of(plain), shape_of(plain));
}

void read_tensor(const core::h5::File& file, const std::string& path, torch::Tensor tensor) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor plain = torch::empty_like(tensor.cpu(), torch::MemoryFormat::Contiguous);
  file.read(path, plain.data_ptr(), dtype_of(plain), shape_of(tensor));
  const bool weight = path.starts_with("/parameters/") || path.starts_with("/ema/");
  core::check(!weight || !plain.is_floating_point() || plain.isfinite().all().item<bool>(),
              "{}: {} holds numbers that are not finite; such a net gives none", file.name(), path);
  tensor.copy_(plain);
}

void check_counts(const core::h5::File& file, const Registry& registry) {
  for (const auto& [name, tensor] : registry.tensors())
    for (const torch::Tensor& counts : registry.counts)
      core::check(!counts.is_same(tensor) || ((tensor >= 0) & (tensor == tensor.floor())).all().item<bool>(),
                  "{}: /parameters/{} tells how often something was, expected 0, 1, 2, ...", file.name(),
                  name);
}

// Names, shapes and dtypes must agree before a single value is read.
void compare(const core::h5::File& file, const Named& wanted, const std::vector<std::string>& groups) {
  std::map<std::string, std::string> expected;
  for (const auto& [path, tensor] : wanted) expected[path] = signature(tensor);
  core::checkpoint::compare(file, std::move(expected), groups);
}

// One visitor for both ways, so that what is written is what is read.
template <class Visit>
void visit_counters(Session& s, Visit&& visit) {
  visit("step", s.counters.step);
  visit("env_steps", s.counters.env_steps);
  visit("samples", s.counters.samples);
  visit("epoch", s.counters.epoch);
  visit("wall_s", s.counters.wall_s);
  for (const auto& update : s.registry.updates)
    visit("updates_" + update.name, s.counters.updates[update.name]);
  for (auto& [name, group] : s.updater.groups()) {
    visit("optim_steps_" + name, group.optimizer.steps());
    visit("accumulated_" + name, group.accumulated);
    const OptimOptions& optim = group.optimizer.options();
    if (optim.swa_start < 1) visit("averaged_" + name, group.averaged);
    if (optim.schedule.schedule != "plateau") continue;
    visit("plateau_best_" + name, group.plateau.best);
    visit("plateau_waited_" + name, group.plateau.waited);
    visit("plateau_factor_" + name, group.plateau.factor);
  }
  visit("best", s.trainer_state.best);
  visit("watched", s.trainer_state.early_stop_best);
  visit("waited", s.trainer_state.wait_count);
  visit("evaluated_step", s.trainer_state.evaluated_step);
  visit("sampled_step", s.trainer_state.sampled_step);
  visit("evaluations", s.trainer_state.evaluations);
  visit("scored", s.trainer_state.has_best);
}

void write_counters(core::h5::File& file, Session& session) {
  file.make_group("/counters");
  visit_counters(session, [&](const std::string& name, auto& value) {
    using T = std::remove_reference_t<decltype(value)>;
    if constexpr (std::is_same_v<T, double>)
      file.set("/counters", name, value);
    else
      file.set("/counters", name, static_cast<int64_t>(value));
  });
}

// Only of a run that a signal stopped before it had looked: 1 an evaluation, 2 pictures, 3 both.
void write_owed(core::h5::File& file, const Session& session) {
  const int64_t owed = session.trainer_state.evaluation_due + 2 * session.trainer_state.sample_due;
  if (owed != 0) file.set("/counters", "owed", owed);
}

void read_owed(const core::h5::File& file, Session& session) {
  const int64_t owed = core::checkpoint::owed(file);
  session.trainer_state.evaluation_due = (owed & 1) != 0;
  session.trainer_state.sample_due = (owed & 2) != 0;
}

void read_counters(const core::h5::File& file, Session& session) {
  visit_counters(session, [&](const std::string& name, auto& value) {
    using T = std::remove_reference_t<decltype(value)>;
    if constexpr (std::is_same_v<T, double>)
      value = name == "wall_s" ? core::checkpoint::seconds(file, name) : file.number("/counters", name);
    else
      value = static_cast<T>(core::checkpoint::counted(file, name));
  });
}

// What waits for the next row of the log: /tallies/<metric>, float64 [2].
void write_meters(core::h5::File& file, const Session& session) {
  for (const auto& [metric, meter] : session.meters)
    file.write<double>("/tallies/" + metric, std::array{meter.sum, static_cast<double>(meter.count)}, {2});
}

void read_meters(const core::h5::File& file, Session& session) {
  session.meters.clear();
  for (const auto& [metric, tally] : core::checkpoint::tallies(file))
    session.meters[metric] = {tally.sum, tally.count};
}

// What the log holds by now, so that a resume knows what has come after: /logged/<table>, int64 [1].
void write_logged(core::h5::File& file, const Session& session) {
  for (const auto& [name, count] : session.logged)
    file.write<int64_t>("/logged/" + name, std::array{count}, {1});
}

void write_streams(core::h5::File& file, Session& session) {
  for (const auto& stream : session.registry.streams)
    write_tensor(file, "/streams/" + stream.name, stream.generator.get_state());
}

void write_states(core::h5::File& file, const Session& session, bool for_inference) {
  for (const auto& state : session.registry.states) {
    if (state.for_inference != for_inference) continue;
    core::Archive archive;
    state.archive(archive);
    for (const auto& [name, bytes] : archive.blobs())
      file.write<uint8_t>(state.path + "/" + name, bytes, {bytes.size()});
  }
}

void read_states(const core::h5::File& file, const Session& session, bool for_inference) {
  for (const auto& state : session.registry.states) {
    if (state.for_inference != for_inference) continue;
    core::Archive archive = core::checkpoint::archive_of(file, state.path);
    try {
      state.archive(archive);
    } catch (const core::Error& error) {
      core::fail("{}: '{}': {}", file.name(), state.path, error.what());
    }
  }
}

void read_streams(const core::h5::File& file, Session& session) {
  for (auto& stream : session.registry.streams) {
    torch::Tensor state = stream.generator.get_state();
    const std::string path = "/streams/" + stream.name;
    read_tensor(file, path, state);
    restore_stream(stream.generator, state, fmt::format("{}: '{}'", file.name(), path));
  }
  read_states(file, session, false);
}

core::h5::File begin(const std::string& config, const std::filesystem::path& path) {
  core::h5::File file = core::h5::File::create(path);
  file.set("/", "format", std::string("atelier-checkpoint"));
  file.set("/", "format_version", core::checkpoint::format_version);
  file.write_text("/config", config);
  return file;
}

// Of the weights alone: the averages that are used in their place, and what gives them their meaning.
void write_weights(Session& session, const std::string& config, const std::filesystem::path& path) {
  core::h5::File file = begin(config, path);
  for (const auto& [name, tensor] : weights(session)) write_tensor(file, name, tensor);
  for (auto& [name, group] : session.updater.groups())
    for (const auto& m : group.ema) write_tensor(file, "/ema/" + m.name, m.average);
  write_counters(file, session);
  write_states(file, session, true);
  file.seal();
  file.flush();
  file.close();
}

void write_checkpoint(Session& session, const std::string& config, const std::filesystem::path& path) {
  core::h5::File file = begin(config, path);
  for (const auto& [name, tensor] : everything(session)) write_tensor(file, name, tensor);
  write_counters(file, session);
  write_owed(file, session);
  write_meters(file, session);
  write_logged(file, session);
  write_streams(file, session);
  for (const bool for_inference : {true, false}) write_states(file, session, for_inference);
  file.seal();
  file.flush();
  file.close();
}

}  // namespace

std::string signature(const torch::Tensor& t) {
  const char* name = t.scalar_type() == torch::kFloat32   ? "float32"
                     : t.scalar_type() == torch::kFloat64 ? "float64"
                     : t.scalar_type() == torch::kInt64   ? "int64"
                     : t.scalar_type() == torch::kInt32   ? "int32"
                                                          : "uint8";
  return fmt::format("{} [{}]", name, fmt::join(t.sizes(), ", "));
}

using Write = void (*)(Session&, const std::string& config, const std::filesystem::path&);

static void save(Session& session, const std::string& config, const std::filesystem::path& path,
                 Write write) {
  uint64_t bytes = 0;
  for (const auto& [name, tensor] : everything(session)) bytes += tensor.nbytes();
  core::make_room(path.parent_path(), bytes);
  const std::filesystem::path fresh = path.string() + ".tmp";
  try {
    write(session, config, fresh);
    core::sync(fresh);
    if (write == write_checkpoint) core::keep_previous(path.parent_path());
    core::put_in_place(fresh, path);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(fresh, ignored);
    throw;
  }
}

void save_checkpoint(Session& session, const std::string& config, const std::filesystem::path& path) {
  save(session, config, path, write_checkpoint);
}

void save_weights(Session& session, const std::string& config, const std::filesystem::path& path) {
  save(session, config, path, write_weights);
}

void load_checkpoint(Session& session, const std::filesystem::path& path) {
  const core::h5::File file = core::checkpoint::open(path);
  read_states(file, session, true);
  read_counters(file, session);  // says whether gradients are waiting
  for (auto& [name, group] : session.updater.groups())
    if (group.accumulated > 0)
      for (const Parameter& p : group.optimizer.parameters())
        if (file.exists("/optim/" + name + "/gradient/" + p.name)) {
          torch::Tensor parameter = p.tensor;
          parameter.mutable_grad() = torch::zeros_like(p.tensor);
        }
  const Named wanted = everything(session);
  core::check(file.exists("/streams"), "{}: holds weights alone; a run goes on from its last.h5",
              file.name());
  compare(file, wanted, {"/parameters", "/optim", "/ema"});
  for (const auto& [name, tensor] : wanted) read_tensor(file, name, tensor);
  check_counts(file, session.registry);
  read_owed(file, session);
  read_meters(file, session);
  session.logged = core::checkpoint::logged(file);
  read_streams(file, session);
}

static void fill(Session& session, const core::h5::File& file, const NamedTensors& tensors) {
  for (const auto& [name, tensor] : tensors) {  // an average has its parameter's shape, or is refused
    const std::string averaged = "/ema/" + name;
    read_tensor(file, file.exists(averaged) ? averaged : "/parameters/" + name, tensor);
  }
  // The averages start where the weights stand.
  const torch::NoGradGuard no_grad;
  for (auto& [name, group] : session.updater.groups())
    for (auto& m : group.ema) m.average.copy_(m.tensor);
}

void load_weights(Session& session, const std::filesystem::path& path) {
  const core::h5::File file = core::checkpoint::open(path);
  read_states(file, session, true);
  compare(file, weights(session), {"/parameters"});
  fill(session, file, session.registry.tensors());
  check_counts(file, session.registry);
}

void load_tensors(Session& session, const std::filesystem::path& path, const NamedTensors& tensors) {
  fill(session, core::checkpoint::open(path), tensors);
}

std::string checkpoint_config(const std::filesystem::path& path) {
  return core::checkpoint::open(path).read_text("/config");
}

static std::optional<core::Archive> saved_inference_state(const core::h5::File& file,
                                                          const std::string& name) {
  const std::string group = "/buffers/" + name;
  if (!file.exists(group)) return std::nullopt;
  return core::checkpoint::archive_of(file, group);
}

Session load_trained(const std::filesystem::path& file, const Catalog& catalog, Purpose purpose) {
  const core::Value root = core::parse_yaml(checkpoint_config(file), file.string());
  Experiment experiment = read_experiment(root, catalog, "");
  const Entry& entry = catalog.entry(experiment.kind, experiment.learner);
  const core::h5::File checkpoint = core::checkpoint::open(file);
  Session session(std::move(experiment), entry, purpose,
                  [&](const std::string& name) { return saved_inference_state(checkpoint, name); });
  load_weights(session, file);
  read_counters(checkpoint, session);  // where it stood
  session.registry.evaluate();         // it answers and does not learn: nothing is dropped out
  return session;
}

}  // namespace training
