// last.h5 in its raw layout: what a resume, an evaluation and `atelier verify` ask of it.
#include "core/checkpoint.h"

#include "core/value.h"
#include "tests/fuzz/held.h"

namespace tests::fuzz {

namespace {

namespace raw = core::checkpoint;
using core::h5::File;

void read_tensors(const File& file) {
  std::map<std::string, std::string> found;
  for (const char* group : {"/parameters", "/optim", "/ema"})
    for (const std::string& path : file.datasets(group)) found[path] = raw::signature(file.info(path));
  raw::compare(file, found, {"/parameters", "/optim", "/ema"});
  for (const auto& [path, signature] : found) file.read<float>(path, file.info(path).shape);
}

void read_checkpoint(Bytes bytes) {
  const Held held(bytes);
  {
    const File file = raw::open(held.path());
    core::parse_yaml(file.read_text("/config"), "config");
    for (const std::string& name : file.attributes("/counters"))
      if (name == "best")
        file.number("/counters", name);
      else
        raw::counted(file, name);
    raw::owed(file);
    raw::tallies(file);
    raw::logged(file);
    for (const std::string& name : file.children("/buffers")) raw::archive_of(file, "/buffers/" + name);
    read_tensors(file);
    for (const std::string& path : file.datasets("/")) file.check_whole(path);
  }
  check_closed();
}

void write_checkpoint(const std::filesystem::path& path, bool sealed) {
  File file = File::create(path);
  file.set("/", "format", std::string("atelier-checkpoint"));
  file.set("/", "format_version", raw::format_version);
  file.write_text("/config", "agent: dqn\n");
  file.make_group("/counters");
  file.set("/counters", "step", int64_t{10});
  file.set("/counters", "best", 1.5);
  const std::vector<float> weights{1, 2, 3, 4};
  file.write<float>("/parameters/w", weights, {2, 2});
  const std::vector<double> tally{3, 2};
  file.write<double>("/tallies/loss", tally, {2});
  const std::vector<int64_t> rows{4};
  file.write<int64_t>("/logged/eval", rows, {1});
  const std::vector<uint8_t> state{1, 2, 3};
  file.write<uint8_t>("/buffers/replay/time", state, {3});
  if (sealed) return file.seal();
  for (const std::string& dataset : file.datasets("/"))  // as files were before there were checksums
    if (file.has(dataset, "crc32")) H5Adelete_by_name(file.id(), dataset.c_str(), "crc32", H5P_DEFAULT);
}

std::vector<std::string> checkpoint_seeds() {
  return {written([](const auto& path) { write_checkpoint(path, false); }),
          written([](const auto& path) { write_checkpoint(path, true); })};
}

}  // namespace

Target checkpoint() { return {"checkpoint", read_checkpoint, checkpoint_seeds, true}; }

}  // namespace tests::fuzz
