// Writing: groups and attributes.
#include "core/formats/minari.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/dtype.h"
#include "core/error.h"
#include "core/formats/columns.h"

namespace core::formats {

using nlohmann::json;

static std::filesystem::path free_folder(const std::filesystem::path& data) {
  check(!std::filesystem::exists(data / "main_data.hdf5"), "{}: a dataset is there already",
        data.parent_path().string());
  return data;
}

MinariWriter::MinariWriter(const std::filesystem::path& folder, EpisodeFormat format, Layout layout)
    : data_(free_folder(folder / "data")),
      made_(data_),
      whole_(data_ / "main_data.hdf5"),
      format_(std::move(format)),
      layout_(std::move(layout)),
      file_(h5::File::create(whole_.draft())) {
  file_->set("/", "atelier_env", format_.env_id);
  file_->set("/", "atelier_env_options", format_.env_options);
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
  h5::File& file = *file_;
  const std::string group = minari_episode(episodes_);
  const auto steps = static_cast<hsize_t>(e.header.length);
  Columns obs{dtype_id(format_.obs_dtype), width_of(format_.obs_shape)};
  for (const Part& part : layout_.observation) {
    append(file, minari_observation(group, part), {dtype_id(part.dtype), part.row}, e.observations.data(),
           steps + 1, obs);
    obs.first += width_of(part.row);
  }
  append(file, group + "/actions", {dtype_id(layout_.action.dtype), layout_.action.row}, e.actions.data(),
         steps, {dtype_id(format_.action_dtype), width_of(format_.action_shape)});
  append(file, group + "/rewards", {H5T_NATIVE_DOUBLE, {}}, e.rewards.data(), steps, {H5T_NATIVE_DOUBLE});
  const h5::Handle flag = flag_type();
  append(file, group + "/terminations", {flag, {}}, e.terminated.data(), steps, {flag});
  append(file, group + "/truncations", {flag, {}}, e.truncated.data(), steps, {flag});
  file.make_group(group + "/infos");
  set_facts(file, group, episodes_++, e);
  steps_ += e.header.length;
}

void MinariWriter::finish(const MinariMetadata& facts) {
  file_->flush();
  file_.reset();
  const auto bytes = static_cast<double>(std::filesystem::file_size(whole_.draft()));
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
  // First, for alone it keeps nobody from a new try.
  write_whole(data_ / "metadata.json", all.dump(-1, ' ', false, json::error_handler_t::replace) + '\n');
  whole_.keep();
}

}  // namespace core::formats
