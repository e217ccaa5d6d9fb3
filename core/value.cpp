#include "core/value.h"

#include <fmt/format.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>

#include "core/error.h"
#include "core/path.h"
#include "core/shown.h"

namespace core {

std::string Source::str() const {
  if (file.empty()) return "";
  return line > 0 ? fmt::format("{}:{}:{}: ", file, line, column) : fmt::format("{}: ", file);
}

const Value* Value::find(std::string_view key) const {
  for (const Member& member : members)
    if (member.key == key) return &member.value;
  return nullptr;
}

Value* Value::find(std::string_view key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

Value& Value::set(std::string_view key, Value value) {
  kind = Kind::map;
  if (Value* old = find(key)) return *old = std::move(value);
  Source where = value.source;
  members.push_back({std::string(key), std::move(where), std::move(value)});
  return members.back().value;
}

const char* Value::kind_name() const {
  switch (kind) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return "a single value";
    case Kind::list:
      return "a list";
    case Kind::map:
      return "a map";
  }
  return "";
}

static Source source_of(const YAML::Mark& mark, const std::string& file) {
  return mark.is_null() ? Source{file, 0, 0} : Source{file, mark.line + 1, mark.column + 1};
}

namespace {

// A document's nodes as a tree. An alias stands for all of what it names, so that a short text may mean an
// endless or an enormous one.
class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  Value read(const YAML::Node& node) {
    const Source where = source_of(node.Mark(), file_);
    check(++nodes_ <= most_nodes, "{}more than {} values, with those that aliases stand for", where.str(),
          most_nodes);
    for (const YAML::Node& outer : path_)
      check(!node.is(outer), "{}an alias inside of what it stands for, which has no end", where.str());
    path_.push_back(node);
    Value value = node.IsMap() ? read_map(node) : read_other(node);
    path_.pop_back();
    value.source = where;
    return value;
  }

 private:
  static constexpr int64_t most_nodes = 100000;

  Value read_map(const YAML::Node& node) {
    Value map = Value::map();
    std::vector<Value> merged;
    std::map<std::string, int> lines;  // of the keys
    for (const auto& pair : node) {
      const Source where = source_of(pair.first.Mark(), file_);
      check(pair.first.IsScalar(), "{}expected a key, found {}", where.str(), "a list or map");
      const std::string key = printable(pair.first.Scalar(), where);
      const auto [first, is_new] = lines.emplace(key, where.line);
      check(is_new, "{}duplicate key '{}' (first on line {})", where.str(), key, first->second);
      if (key == "<<" && pair.first.Tag() != "!")
        merge(read(pair.second), where, merged);
      else
        map.members.push_back({key, where, read(pair.second)});
    }
    for (Value& other : merged)  // keys of the map's own come before, and those of earlier maps
      for (auto& member : other.members)
        if (lines.emplace(member.key, 0).second) {
          member.merged = lines.at("<<");
          map.members.push_back(std::move(member));
        }
    return map;
  }

  // Quotes may hold what no name and no text can: "a\0b".
  static std::string printable(const std::string& text, const Source& where) {
    const auto at = unprintable(text, Breaks::kept);
    if (at) fail("{}'{}' holds a control character", where.str(), shown_start(text));
    return text;
  }

  // `<<: *base`, or a list of such.
  static void merge(Value value, const Source& where, std::vector<Value>& maps) {
    if (value.kind == Value::Kind::list) {
      for (Value& item : value.items) merge(std::move(item), where, maps);
      return;
    }
    check(value.is_map(), "{}<<: expected a map whose keys are taken over, found {}", where.str(),
          value.kind_name());
    maps.push_back(std::move(value));
  }

  Value read_other(const YAML::Node& node) {
    Value value;
    if (node.IsSequence()) {
      value.kind = Value::Kind::list;
      for (const auto& item : node) value.items.push_back(read(item));
    } else if (node.IsScalar()) {
      value.kind = Value::Kind::scalar;
      value.scalar = printable(node.Scalar(), source_of(node.Mark(), file_));
      value.quoted = node.Tag() == "!";
    }
    return value;
  }

  const std::string& file_;
  std::vector<YAML::Node> path_;  // from the root down to where it reads
  int64_t nodes_ = 0;
};

}  // namespace

static void refuse_unprintable(const std::string& text, const std::string& file) {
  check(!text.starts_with("\xFF\xFE") && !text.starts_with("\xFE\xFF"), "{}: is UTF-16, expected UTF-8",
        file);
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    const auto at = unprintable(line, Breaks::kept);
    if (at)
      fail("{}:{}:{}: a control character, or a byte that is not UTF-8: '{}'", file, number, *at + 1,
           shown_start(std::string_view(line).substr(*at), 16));
  }
}

static void refuse_tabs(const std::string& text, const std::string& file) {
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const size_t start = line.find_first_not_of(' ');
    const bool tab = start != std::string::npos && line[start] == '\t';
    check(!tab, "{}:{}:{}: a tab indents this line; YAML expects blanks", file, number, start + 1);
  }
}

// Where something is missing that the parser waited for.
static Source end_of(const std::string& text, const std::string& file) {
  const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  return {file, lines + (text.ends_with('\n') ? 0 : 1), 1};
}

// The bracket beyond so many, one in another; where none is, indentations are what `other` complains of.
static Source depth_of(const std::string& text, const std::string& file, const Source& other) {
  constexpr int64_t many = 100;
  Source at{file, 1, 0};
  int64_t open = 0;
  for (const char c : text) {
    ++at.column;
    if (c == '\n') at = {file, at.line + 1, 0};
    if (c == '[' || c == '{') ++open;
    if (c == ']' || c == '}') --open;
    if (open > many) return at;
  }
  return other;
}

namespace {

// Where each document begins. One that begins where the one before did means that the parser stands still, as
// before a comma outside of brackets, and would make documents without end.
class Documents : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    stands_ = begun_ && mark.pos == last_.pos;
    begun_ = true;
    last_ = mark;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
  }
  void OnMapEnd() override {}

  void check_moves(const std::string& file) const {
    check(!stands_, "{}not valid YAML: found a comma or a bracket where a value or a key is expected",
          source_of(last_, file).str());
  }

 private:
  YAML::Mark last_;
  bool begun_ = false, stands_ = false;
};

}  // namespace

static void check_end(const std::string& text, const std::string& file) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  Documents documents;
  while (parser.HandleNextDocument(documents)) documents.check_moves(file);
}

static YAML::Node parse_node(const std::string& text, const std::string& file) {
  try {
    check_end(text, file);
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.empty()) return {};
    for (size_t k = 1; k < documents.size(); ++k)
      check(documents[k].IsNull(), "{}a second document (after '---'); expected one",
            source_of(documents[k].Mark(), file).str());
    return documents[0];
  } catch (const YAML::DeepRecursion& e) {
    fail("{}nested too deep: more brackets or indentations, one in another, than can be read",
         depth_of(text, file, source_of(e.mark, file)).str());
  } catch (const YAML::Exception& e) {
    const bool nowhere = e.mark.is_null() || e.mark.line < 0;
    throw Error((nowhere ? end_of(text, file) : source_of(e.mark, file)).str() + "not valid YAML: " + e.msg);
  }
}

// The parser resolves anchors and keeps nothing of them.
static void note_anchors(Value& root, const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  for (Value::Member& member : root.members) {
    const auto at = static_cast<size_t>(member.source.line) - 1;
    const size_t colon = at < lines.size() ? lines[at].find(':', static_cast<size_t>(member.source.column))
                                           : std::string::npos;
    if (colon == std::string::npos) continue;
    const size_t next = lines[at].find_first_not_of(' ', colon + 1);
    member.value.anchored = next != std::string::npos && lines[at][next] == '&';
  }
}

Value parse_yaml(const std::string& text, const std::string& file) {
  refuse_unprintable(text, file);
  refuse_tabs(text, file);
  const YAML::Node node = parse_node(text, file);
  check(!node.IsNull(), "{}: the file is empty; expected an experiment (see: atelier describe experiment)",
        file);
  check(node.IsMap(), "{}expected 'key: value' lines at the top of the file",
        source_of(node.Mark(), file).str());
  Value root = Reader(file).read(node);
  std::erase_if(root.members, [](const Value::Member& member) { return member.key.starts_with("x-"); });
  note_anchors(root, text);
  return root;
}

Value load_yaml(const std::filesystem::path& path) {
  constexpr uint64_t most = 4'000'000;  // bytes
  return parse_yaml(read_file(path, "a YAML file", most), path.string());
}

void apply_override(Value& root, const std::string& assignment) {
  const size_t equals = assignment.find('=');
  check(equals != std::string::npos && equals > 0, "command line: expected key.sub=value, found '{}'",
        assignment);
  const std::string where = "command line";
  Value value = Reader(where).read(parse_node(assignment.substr(equals + 1), where));
  value.source = {where + " (" + assignment + ")", 0, 0};
  constexpr auto most_levels = 32;
  check(
      std::count(assignment.begin(), assignment.begin() + static_cast<ptrdiff_t>(equals), '.') < most_levels,
      "command line: a key of more than {} levels", most_levels);
  Value* node = &root;
  std::istringstream path(assignment.substr(0, equals));
  for (std::string key; std::getline(path, key, '.');) {
    check(!key.empty(), "command line: empty key in '{}'", assignment);
    // `env=X` short form: a scalar on the way down names the table entry; it becomes a map with that name.
    if (node->kind == Value::Kind::scalar) {
      Value head = *node;
      *node = Value::map();
      node->source = head.source;
      node->set("", std::move(head));
    }
    Value* next = node->find(key);
    node = next ? next : &node->set(key, Value{.source = value.source});
  }
  *node = std::move(value);
}

static void emit(YAML::Emitter& out, const Value& value) {
  switch (value.kind) {
    case Value::Kind::null:
      out << YAML::Null;
      break;
    case Value::Kind::scalar:
      if (value.quoted) out << YAML::DoubleQuoted;
      out << value.scalar;
      break;
    case Value::Kind::list:
      out << YAML::Flow << YAML::BeginSeq;
      for (const auto& item : value.items) emit(out, item);
      out << YAML::EndSeq;
      break;
    case Value::Kind::map:
      out << YAML::BeginMap;
      for (const auto& member : value.members) {
        out << YAML::Key << member.key << YAML::Value;
        emit(out, member.value);
      }
      out << YAML::EndMap;
      break;
  }
}

std::string to_yaml(const Value& value) {
  YAML::Emitter out;
  emit(out, value);
  return std::string(out.c_str()) + "\n";
}

Value Value::string(std::string text) {
  static constexpr std::string_view words[] = {"true", "false", "null", "yes", "no", "on", "off"};
  Value value = of(std::move(text));
  const bool letter =
      !value.scalar.empty() && (std::isalpha(static_cast<unsigned char>(value.scalar[0])) != 0);
  std::string low = value.scalar;
  std::transform(low.begin(), low.end(), low.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool word = std::find(std::begin(words), std::end(words), low) != std::end(words);
  value.quoted = !letter || word || value.scalar.find_first_of(":#{}[],\n\"") != std::string::npos;
  return value;
}

}  // namespace core
