// Groups and attributes.
#include "core/formats/minari.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/dtype.h"
#include "core/error.h"
#include "core/formats/columns.h"

namespace core::formats {

using nlohmann::json;

static std::filesystem::path made(const std::filesystem::path& data) {
  check(!std::filesystem::exists(data / "main_data.hdf5"), "{}: a dataset is there already",
        data.parent_path().string());
  std::error_code error;
  std::filesystem::create_directories(data, error);
  check(!error, "{}: cannot be made ({})", data.string(), error.message());
  return data;
}

static std::string group_of(int64_t episode) { return "/episode_" + std::to_string(episode); }
static std::string dataset_of(const std::string& group, const Part& part) {
  return group + "/observations" + (part.name.empty() ? "" : "/" + part.name);
}

MinariWriter::MinariWriter(const std::filesystem::path& folder, EpisodeFormat format, Layout layout)
    : data_(made(folder / "data")),
      format_(std::move(format)),
      layout_(std::move(layout)),
      file_(h5::File::create(data_ / "main_data.hdf5")) {
  file_.set("/", "atelier_env", format_.env_id);
  file_.set("/", "atelier_env_options", format_.env_options);
}

static void set_facts(h5::File& file, const std::string& group, int64_t id, const Episode& e) {
  const auto n = static_cast<double>(e.rewards.size());
  const double sum = std::accumulate(e.rewards.begin(), e.rewards.end(), 0.0), mean = sum / n;
  double squares = 0;
  for (const double reward : e.rewards) squares += (reward - mean) * (reward - mean);
  file.set(group, "id", id);
  file.set(group, "total_steps", e.header.length);
  file.set(group, "seed", e.header.seed);
  file.set(group, "rewards_sum", sum);
  file.set(group, "rewards_mean", mean);
  file.set(group, "rewards_std", std::sqrt(squares / n));
  file.set(group, "rewards_max", *std::max_element(e.rewards.begin(), e.rewards.end()));
  file.set(group, "rewards_min", *std::min_element(e.rewards.begin(), e.rewards.end()));
  file.set(group, "policy", std::string(e.header.policy));
  file.set(group, "training_step", e.header.step);
}

void MinariWriter::add(const Episode& e) {
  const std::string group = group_of(episodes_);
  const auto steps = static_cast<hsize_t>(e.header.length);
  Columns obs{dtype_id(format_.obs_dtype), width_of(format_.obs_shape)};
  for (const Part& part : layout_.observation) {
    append(file_, dataset_of(group, part), {dtype_id(part.dtype), part.row}, e.observations.data(), steps + 1,
           obs);
    obs.first += width_of(part.row);
  }
  append(file_, group + "/actions", {dtype_id(layout_.action.dtype), layout_.action.row}, e.actions.data(),
         steps, {dtype_id(format_.action_dtype), width_of(format_.action_shape)});
  append(file_, group + "/rewards", {H5T_NATIVE_DOUBLE, {}}, e.rewards.data(), steps, {H5T_NATIVE_DOUBLE});
  const h5::Handle flag = flag_type();
  append(file_, group + "/terminations", {flag, {}}, e.terminated.data(), steps, {flag});
  append(file_, group + "/truncations", {flag, {}}, e.truncated.data(), steps, {flag});
  file_.make_group(group + "/infos");
  set_facts(file_, group, episodes_++, e);
  steps_ += e.header.length;
}

void MinariWriter::finish(const MinariFacts& facts) {
  file_.flush();
  const auto bytes = static_cast<double>(std::filesystem::file_size(data_ / "main_data.hdf5"));
  json all{{"total_episodes", episodes_},
           {"total_steps", steps_},
           {"data_format", "hdf5"},
           {"jpeg_encoding", false},
           {"observation_space", facts.observation_space},
           {"action_space", facts.action_space},
           {"dataset_size", std::round(bytes / 1e5) / 10},  // MB
           {"dataset_id", facts.dataset_id},
           {"minari_version", "0.5.0"},  // older readers refuse a later one
           {"algorithm_name", facts.algorithm},
           {"description", facts.description}};
  if (!facts.env_spec.empty()) all["env_spec"] = facts.env_spec;
  std::ofstream out(data_ / "metadata.json");
  out << all.dump() << '\n';
  check(out.good(), "{}: cannot be written (disk full?)", (data_ / "metadata.json").string());
}

static h5::File opened(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "data/main_data.hdf5";
  check(std::filesystem::exists(file), "{}: is no dataset of Minari's (no data/main_data.hdf5)",
        folder.string());
  return h5::File::open(file);
}

// The metadata, an empty object without it.
static json metadata_of(const std::filesystem::path& folder) {
  std::ifstream in(folder / "data/metadata.json");
  json all = in ? json::parse(in, nullptr, false) : json::object();
  check(all.is_object(), "{}: data/metadata.json is no JSON object", folder.string());
  check(!all.value("jpeg_encoding", false), "{}: its pictures are JPEG, which cannot be read",
        folder.string());
  return all;
}

MinariReader::MinariReader(const std::filesystem::path& folder) : file_(opened(folder)) {
  const json spec = json::parse(metadata_of(folder).value("env_spec", "{}"), nullptr, false);
  if (spec.is_object() && spec.contains("id")) env_id_ = spec["id"].get<std::string>();
  if (file_.has("/", "atelier_env")) {
    env_id_ = file_.text("/", "atelier_env");
    env_options_ = file_.text("/", "atelier_env_options");
  }
  while (file_.exists(group_of(count_))) ++count_;
  check(count_ > 0, "{}: holds no episode", folder.string());
}

EpisodeFormat MinariReader::guess_format() const {
  EpisodeFormat format{.env_id = env_id_, .env_options = env_options_};
  const std::string group = group_of(0);
  check(file_.children(group + "/observations").empty(),
        "{}: observations are a Dict or a Tuple; its environment is not one of ours, so their order is not "
        "known",
        file_.name());
  const h5::Info obs = file_.info(group + "/observations"), actions = file_.info(group + "/actions");
  if (obs.dtype != "float64") format.obs_dtype = obs.dtype;
  format.obs_shape.assign(obs.shape.begin() + 1, obs.shape.end());
  format.action_dtype = actions.dtype.starts_with("float") ? "float32" : "int64";
  format.action_shape.assign(actions.shape.begin() + 1, actions.shape.end());
  return format;
}

static int64_t seed_of(const h5::File& file, const std::string& group) {
  if (!file.has(group, "seed")) return 0;
  const h5::Handle found(H5Aopen_by_name(file.id(), group.c_str(), "seed", H5P_DEFAULT, H5P_DEFAULT),
                         H5Aclose);
  int64_t seed = 0;
  return H5Aread(found, H5T_NATIVE_INT64, &seed) >= 0 ? seed : 0;
}

Episode MinariReader::read(int64_t k, const EpisodeFormat& format, const Layout& layout) const {
  const std::string group = group_of(k);
  const auto steps = static_cast<hsize_t>(file_.count(group + "/rewards"));
  Episode e;
  e.header.length = static_cast<int64_t>(steps), e.header.seed = seed_of(file_, group);
  Columns obs{dtype_id(format.obs_dtype), width_of(format.obs_shape)};
  e.observations.resize((steps + 1) * obs.width * dtype_size(format.obs_dtype));
  for (const Part& part : layout.observation) {
    const hsize_t width = width_of(part.row);
    formats::read(file_, dataset_of(group, part), width, 0, steps + 1, e.observations.data(), obs);
    obs.first += width;
  }
  const Columns action{dtype_id(format.action_dtype), width_of(format.action_shape)};
  e.actions.resize(steps * action.width * dtype_size(format.action_dtype));
  formats::read(file_, group + "/actions", action.width, 0, steps, e.actions.data(), action);
  e.rewards.resize(steps), e.terminated.resize(steps), e.truncated.resize(steps);
  formats::read(file_, group + "/rewards", 1, 0, steps, e.rewards.data(), {H5T_NATIVE_DOUBLE});
  formats::read(file_, group + "/terminations", 1, 0, steps, e.terminated.data(), {H5T_NATIVE_UINT8});
  formats::read(file_, group + "/truncations", 1, 0, steps, e.truncated.data(), {H5T_NATIVE_UINT8});
  return e;
}

}  // namespace core::formats
