// Writing: groups and attributes.
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
  const std::string group = minari_episode(episodes_);
  const auto steps = static_cast<hsize_t>(e.header.length);
  Columns obs{dtype_id(format_.obs_dtype), width_of(format_.obs_shape)};
  for (const Part& part : layout_.observation) {
    append(file_, minari_observation(group, part), {dtype_id(part.dtype), part.row}, e.observations.data(),
           steps + 1, obs);
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

void MinariWriter::finish(const MinariMetadata& facts) {
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

}  // namespace core::formats
