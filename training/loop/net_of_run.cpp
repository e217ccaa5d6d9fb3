#include "training/loop/net_of_run.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "core/error.h"
#include "core/run_folder.h"
#include "training/loop/checkpoint.h"

namespace training {

namespace fs = std::filesystem;

void NetOfRun::fields(core::Fields& f) {
  f.add("run", run,
        "Folder of a run whose net this is a copy of: its shape, and its best weights but for the outputs, "
        "which begin fresh",
        {.path = true});
  f.add("modules", modules,
        "run: parts that are taken, `theirs -> ours` where a part has another name here; []: all of this "
        "learner's");
  f.add("freeze", freeze, "run: what is taken learns no more");
}

namespace {

constexpr std::array own_keys{"run", "modules", "freeze"};
constexpr std::array first_weights{"init", "gain", "out_gain"};  // each learner's own affair

bool is_one_of(const auto& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

NetOfRun options_of(const core::Value& net) {
  core::Value own = core::Value::map();
  for (const auto& member : net.members)
    if (is_one_of(own_keys, member.key)) own.members.push_back(member);
  NetOfRun options;
  core::read_options(options, own, "net");
  return options;
}

std::vector<std::string> keys_of_net(const core::Fields& learner) {
  core::Fields inner;
  if (const core::Field* net = learner.find("net"))
    if (const auto* list = std::get_if<std::function<void(core::Fields&)>>(&net->target)) (*list)(inner);
  return inner.names();
}

fs::path checkpoint_of(const std::string& run, const std::string& where) {
  core::check(fs::exists(run), "{}net.run: {}: no such run folder", where, run);
  const fs::path folder = core::find_run(run);
  return folder / (core::held_checkpoint(folder) + ".h5");
}

// The keys of its net that say its shape.
core::Value net_shape(const fs::path& checkpoint, const std::vector<std::string>& known,
                      const std::string& where) {
  const core::Value config = core::parse_yaml(checkpoint_config(checkpoint), checkpoint.string());
  const core::Value* net = config.find("net");
  core::check(net && net->is_map(), "{}net.run: {} is of a learner without a net", where,
              checkpoint.string());
  core::Value shape = core::Value::map();
  for (const auto& member : net->members) {
    if (is_one_of(own_keys, member.key) || is_one_of(first_weights, member.key)) continue;
    core::check(is_one_of(known, member.key),
                "{}net.run: the net of {} has '{}', which this learner's has not", where, checkpoint.string(),
                member.key);
    shape.members.push_back(member);
  }
  return shape;
}

// The keys of `own` take the place of those of `shape`.
void lay_over(core::Value& shape, const core::Value& own) {
  for (const auto& member : own.members) {
    if (is_one_of(own_keys, member.key)) continue;
    std::erase_if(shape.members, [&](const auto& theirs) { return theirs.key == member.key; });
    shape.members.push_back(member);
  }
  shape.source = own.source;
}

core::Value init_from(const NetOfRun& options, const core::Source& source) {
  core::Value from = core::Value::map(), modules{.kind = core::Value::Kind::list};
  for (const std::string& part : options.modules) modules.items.push_back(core::Value::string(part));
  from.set("run", core::Value::string(options.run)).source = source;
  from.set("modules", std::move(modules));
  from.set("outputs", core::Value::of("false"));
  from.set("freeze", core::Value::of(options.freeze ? "true" : "false"));
  from.source = source;
  return from;
}

bool is_given(const core::Value* value) {
  return value && !value->is_null() && !(value->kind == core::Value::Kind::scalar && value->scalar.empty());
}

}  // namespace

core::Value with_net_of_run(core::Value root, const core::Fields& learner) {
  core::Value* net = root.find("net");
  if (!net || !net->is_map()) return root;
  const core::Value* run = net->find("run");
  if (!is_given(run) || fs::path(run->source.file).extension() == ".h5") return root;
  const core::Source source = run->source;
  const NetOfRun options = options_of(*net);
  const core::Value* train = root.find("train");
  core::check(!train || !is_given(train->find("init_from")),
              "{}net.run: expected either this or train.init_from, found both", source.str());
  core::Value whole = net_shape(checkpoint_of(options.run, source.str()), keys_of_net(learner), source.str());
  lay_over(whole, *net);
  *net = std::move(whole);
  core::Value learning = train ? *train : core::Value::map();
  learning.set("init_from", init_from(options, source));
  root.set("train", std::move(learning));
  return root;
}

}  // namespace training
