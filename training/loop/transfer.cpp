// A part is a path of the registry: "net", "net/conv_1", "net/fc.output.weight".
#include "training/loop/transfer.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/checkpoint.h"
#include "core/error.h"
#include "core/nearest.h"
#include "training/loop/checkpoint.h"

namespace training {

namespace {

bool lies_in(const std::string& path, const std::string& part) {
  return path.starts_with(part) &&
         (path.size() == part.size() || path[part.size()] == '/' || path[part.size()] == '.');
}

// "net/fc.output", and "net/fc.output.weight" within it.
bool is_output(const std::string& path) {
  for (size_t first = 0; first < path.size();) {
    const size_t end = std::min(path.find_first_of("/.", first), path.size());
    if (path.compare(first, end - first, "output") == 0) return true;
    first = end + 1;
  }
  return false;
}

// Which names of the registry are meant, and what each is called in the file.
class Parts {
 public:
  explicit Parts(const InitFromOptions& options) : skip_(options.skip), outputs_(options.outputs) {
    for (const std::string& text : options.modules) {
      const size_t arrow = text.find(" -> ");
      const std::string there = text.substr(0, arrow);
      core::check(!there.empty() && (arrow == std::string::npos || arrow + 4 < text.size()),
                  "train.init_from.modules: '{}' has an empty side; expected `theirs -> ours`", text);
      parts_.push_back({there, arrow == std::string::npos ? there : text.substr(arrow + 4)});
    }
    if (parts_.empty()) parts_.push_back({"", ""});
  }

  bool takes(const std::string& name) const { return part_of(name) != nullptr; }

  // Of a name that is taken: "net/conv_1.weight" is "encoder/conv_1.weight" by `encoder -> net`.
  std::string source_of(const std::string& name) const {
    const Part& part = *part_of(name);
    if (part.here.empty()) return name;
    std::string rest = name.substr(part.here.size());
    if (!rest.empty()) rest[0] = part.there.find('/') == std::string::npos ? '/' : '.';
    return part.there + rest;
  }

  std::vector<std::string> words_here() const {
    std::vector<std::string> words = skip_;
    for (const Part& part : parts_)
      if (!part.here.empty()) words.push_back(part.here);
    return words;
  }

 private:
  struct Part {
    std::string there, here;  // both empty: everything
  };
  const Part* part_of(const std::string& name) const {
    if (!outputs_ && is_output(name)) return nullptr;
    for (const std::string& part : skip_)
      if (lies_in(name, part)) return nullptr;
    for (const Part& part : parts_)
      if (part.here.empty() || lies_in(name, part.here)) return &part;
    return nullptr;
  }

  std::vector<Part> parts_;
  std::vector<std::string> skip_;
  bool outputs_;
};

using Path = std::pair<std::string, torch::nn::Module*>;

// Every module that is registered, and behind it those within it.
std::vector<Path> modules_of(const Registry& registry) {
  std::vector<Path> all;
  for (const Registry::Module& entry : registry.modules)
    for (const auto& item : entry.module->named_modules("", true))
      all.emplace_back(item.key().empty() ? entry.name : entry.name + "/" + item.key(), item.value().get());
  return all;
}

// Error that names the nearest one for a word that is no part of this learner.
void check_words(const Registry& registry, const Parts& parts, const std::string& where) {
  std::vector<std::string> known;
  for (const auto& [path, module] : modules_of(registry)) known.push_back(path);
  for (const auto& [name, tensor] : registry.tensors()) known.push_back(name);
  for (const std::string& word : parts.words_here())
    core::check(std::find(known.begin(), known.end(), word) != known.end(),
                "{}train.init_from: this learner has no part '{}'{}", where, word,
                core::suggestion(word, known));
}

// "net/conv_1.weight" -> "net/conv_1"
std::string home_of(const std::string& name) {
  const size_t dot = name.rfind('.');
  return dot == std::string::npos ? name : name.substr(0, dot);
}

// Where the tensors lie, each place once.
std::vector<std::string> homes_of(const std::vector<std::string>& names) {
  std::vector<std::string> homes;
  for (const std::string& name : names)
    if (const std::string home = home_of(name); std::find(homes.begin(), homes.end(), home) == homes.end())
      homes.push_back(home);
  return homes;
}

// The first of them, and how many more.
std::string places(const std::vector<std::string>& names) {
  constexpr size_t most = 8;
  std::vector<std::string> homes = homes_of(names);
  const size_t more = homes.size() > most ? homes.size() - most : 0;
  homes.resize(homes.size() - more);
  return fmt::format("{}{}", fmt::join(homes, ", "), more > 0 ? fmt::format(" and {} more", more) : "");
}

// What is to be read, and what is not.
struct Plan {
  NamedTensors tensors;  // by their names in the file
  std::vector<std::string> taken, fresh, left;
  std::vector<std::string> misfits, misfit_names;  // lines for people, and what they are about
};

std::map<std::string, std::string> signatures(const core::h5::File& file) {
  const std::string root = "/parameters/";
  std::map<std::string, std::string> all;
  for (const std::string& path : file.datasets("/parameters"))
    all[path.substr(root.size())] = core::checkpoint::signature(file.info(path));
  return all;
}

Plan plan(const Registry& registry, const Parts& parts, const core::h5::File& file) {
  const std::map<std::string, std::string> held = signatures(file);
  std::vector<std::string> known;
  for (const auto& [name, signature] : held) known.push_back(name);
  std::set<std::string> used;
  Plan plan;
  const auto misfit = [&](const std::string& name, const std::string& why) {
    plan.misfits.push_back(fmt::format("  {}: {}", name, why));
    plan.misfit_names.push_back(name);
  };
  for (const auto& [name, tensor] : registry.tensors()) {
    if (!parts.takes(name)) {
      plan.fresh.push_back(name);
      continue;
    }
    const std::string there = parts.source_of(name), here = signature(tensor);
    const auto found = held.find(there);
    if (found == held.end())
      misfit(name, fmt::format("the file has no '{}'{}", there, core::suggestion(there, known)));
    else if (found->second != here)
      misfit(name, fmt::format("here {}, there {}", here, found->second));
    plan.tensors.emplace_back(there, tensor);
    plan.taken.push_back(name);
    used.insert(there);
  }
  for (const std::string& name : known)
    if (!used.contains(name)) plan.left.push_back(name);
  return plan;
}

std::vector<std::string> told(const Plan& plan, const std::filesystem::path& checkpoint, bool frozen) {
  std::vector<std::string> lines{
      fmt::format("weights of {}{}: {}", checkpoint.string(), frozen ? ", frozen" : "", places(plan.taken))};
  if (!plan.fresh.empty()) lines.push_back("  begin fresh: " + places(plan.fresh));
  if (!plan.left.empty()) lines.push_back("  left in the file: " + places(plan.left));
  return lines;
}

}  // namespace

void freeze(Registry& registry, const InitFromOptions& options) {
  if (!options.freeze) return;
  const Parts parts(options);
  check_words(registry, parts, options.where);
  std::vector<std::pair<Path, bool>> modes;  // a module's train() sets those within it, too
  for (const Path& path : modules_of(registry)) modes.emplace_back(path, path.second->is_training());
  for (const auto& [path, training] : modes) path.second->train(training && !parts.takes(path.first));
  size_t frozen = 0;
  for (Registry::Update& update : registry.updates) {
    const auto taken = [&](const Parameter& p) { return parts.takes(p.name); };
    for (Parameter& p : update.parameters)
      if (taken(p)) p.tensor.requires_grad_(false);
    const size_t here = std::erase_if(update.parameters, taken);
    core::check(here == 0 || !update.parameters.empty(),
                "{}train.init_from.freeze: leaves the update '{}' nothing to learn; expected parts that are "
                "not taken (modules, skip)",
                options.where, update.name);
    std::erase_if(update.statistics, [&](const auto& named) { return parts.takes(named.first); });
    frozen += here;
  }
  core::check(frozen > 0, "{}train.init_from.freeze: nothing of what is taken is moved by an optimiser",
              options.where);
}

std::vector<std::string> transfer(Session& session, const std::filesystem::path& checkpoint) {
  const InitFromOptions& options = session.experiment.train.init_from;
  if (!options.partial()) {
    load_weights(session, checkpoint);
    return {fmt::format("weights of {}: all", checkpoint.string())};
  }
  const Parts parts(options);
  check_words(session.registry, parts, options.where);
  Plan plan = training::plan(session.registry, parts, core::checkpoint::open(checkpoint));
  constexpr size_t most = 12;
  const size_t more = plan.misfits.size() > most ? plan.misfits.size() - most : 0;
  plan.misfits.resize(plan.misfits.size() - more);
  if (more > 0) plan.misfits.push_back(fmt::format("  and {} more", more));
  core::check(plan.misfits.empty(),
              "{}train.init_from: {} does not fit:\n{}\n  (what differs can begin fresh: skip: [{}])",
              options.where, checkpoint.string(), fmt::join(plan.misfits, "\n"),
              fmt::join(homes_of(plan.misfit_names), ", "));
  load_tensors(session, checkpoint, plan.tensors);
  return told(plan, checkpoint, options.freeze);
}

}  // namespace training
