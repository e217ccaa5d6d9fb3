// The table, and the section that chooses from it.
#include "training/data/all.h"

#include <fmt/ranges.h>

#include "core/random.h"
#include "training/data/cifar.h"
#include "training/data/csv.h"
#include "training/data/densities.h"
#include "training/data/glyphs.h"
#include "training/data/grammars.h"
#include "training/data/graphs.h"
#include "training/data/holdout.h"
#include "training/data/idx.h"
#include "training/data/lines.h"
#include "training/data/loader.h"
#include "training/data/noisy_sine.h"
#include "training/data/numpy.h"
#include "training/data/pictures.h"
#include "training/data/puzzles.h"
#include "training/data/questions.h"
#include "training/data/reviews.h"
#include "training/data/sequences.h"
#include "training/data/shapes.h"
#include "training/data/spirals.h"
#include "training/data/text.h"
#include "training/data/texts.h"
#include "training/data/tones.h"
#include "training/data/translation.h"

namespace training::data {

Dataset Data::part(Split split, int64_t rows) const {
  Dataset held = split == Split::test ? test : valid;
  if (rows < held.size()) held.rows = held.rows.rows(torch::arange(rows));
  return held;
}

static std::vector<Entry> own() {
  return {
      {"addition", "Sums of two numbers, digit by digit: questions with one answer",
       "Zaremba & Sutskever (2014), Learning to execute; entropy of the answer 0", factory<Addition>},
      {"anbn", "Sequences of n a's and as many b's: a language model must count",
       "Gers & Schmidhuber (2001); entropy ln 11 a sequence", factory<Anbn>},
      {"blocks", "Nodes of a random graph, more of whose edges are within a class than between two",
       "Holland, Laskey & Leinhardt (1983), Stochastic blockmodels", factory<Blocks>},
      {"checkerboard", "Points of the plane, uniform on half of the cells of a 4 x 4 board", "entropy ln 32",
       factory<Checkerboard>},
      {"cifar10", "Your copy of 50,000 + 10,000 colour pictures, 32 x 32, of ten kinds of things",
       "Krizhevsky (2009), Learning multiple layers of features from tiny images", factory<Cifar10>},
      {"copy", "Sequences of letters that are to be repeated: a language model must look back",
       "Graves et al. (2014), Neural Turing machines; entropy of the answer 0", factory<Copy>},
      {"csv", "Your own table: a header row, numbers, a column of class names or more numbers to be foretold",
       "a file of yours", factory<Csv>},
      {"donut", "Points around the unit circle", "entropy 0.9517 nats at noise 0.1", factory<Donut>},
      {"dyck", "Sentences of brackets that match: a language model must remember all that are open",
       "after load_brackets, VU Amsterdam; entropy 6.505 nats a sentence", factory<Dyck>},
      {"ellipse",
       "Points of the plane, inside or outside of an ellipse; no linear classifier has more than 70 %",
       "after vugrad, VU Amsterdam", factory<Ellipse>},
      {"fashion_mnist", "60,000 + 10,000 grey pictures, 28 x 28, of ten kinds of clothing",
       "Xiao, Rasul & Vollgraf (2017); Debian package dataset-fashion-mnist", factory<FashionMnist>},
      {"glyphs", "Pictures of the signs of an unknown alphabet, each written anew, and of unseen ones",
       "made here, after Lake et al. (2015), Omniglot", factory<Glyphs>},
      {"graph", "Your own graph: a file of nodes with their classes and one of edges", "files of yours",
       factory<GraphFiles>},
      {"idx", "Your own pictures and labels in IDX files, plain or .gz", "LeCun's MNIST format",
       factory<Idx>},
      {"karate", "Who met whom in a karate club of 34 members, and with whom each went when it split",
       "Zachary (1977), An information flow model for conflict and fission in small groups", factory<Karate>},
      {"lines", "The first words of lines of a text file or a folder: few enough to be memorised",
       "a file of yours, or Debian's package fortunes; after a lab of DTU's course 02456", factory<Lines>},
      {"moons", "Points around two half circles that reach into each other",
       "scikit-learn's make_moons; entropy 1.0076 nats at noise 0.1", factory<Moons>},
      {"ndfa", "Sentences in which an automaton repeats one of several words, drawn anew for each",
       "after load_ndfa, VU Amsterdam; entropy 2.591 nats a sentence", factory<Ndfa>},
      {"noisy_sine", "Numbers to foretell: a line with a wave and noise upon it",
       "after the first labs of DTU's course 02456", factory<NoisySine>},
      {"numpy", "Your own arrays in files .npy or in an .npz, such as x_train and y_train", "files of yours",
       factory<Numpy>},
      {"pictures", "Your own pictures, PNG or JPEG, in a folder for each class", "files of yours",
       factory<Pictures>},
      {"reviews", "Generated reviews, praise or blame: what a word says depends on where it stands",
       "made here; who ignores the order of words is right in 62.5 % at best", factory<Reviews>},
      {"ring", "Points of eight Gaussians on a circle", "Metz et al. (2017), Unrolled GANs", factory<Ring>},
      {"shapes",
       "Pictures of circles, crosses, squares and triangles, with masks, boxes, centres and factors",
       "made here", factory<Shapes>},
      {"sort", "Sequences of letters that are to be put in order; entropy of the answer 0", "made here",
       factory<Sort>},
      {"spelled_digits", "Names of digits, letter by letter, whose number is asked for",
       "after a lab of DTU's course 02456 (2017); entropy of the answer 0", factory<SpelledDigits>},
      {"spirals",
       "Points of the plane on arms of a spiral that wind around each other, an arm for each class",
       "after Lang & Witbrock (1988), Learning to tell two spirals apart", factory<Spirals>},
      {"stripes", "8 x 8 grey pictures of one bar, horizontal or vertical; no linear classifier beats chance",
       "made here", factory<Stripes>},
      {"text",
       "Characters, bytes or byte pairs of a text file or a folder; the last tenth is the test, the one "
       "before for validation",
       "a file of yours, or Debian's package fortunes", factory<Text>},
      {"texts", "Your own texts, in a folder for each class, as the reviews of IMDb lie", "files of yours",
       factory<Texts>},
      {"tones", "Waves of one or more tones in noise, with the pitch of each in turn", "made here",
       factory<Tones>},
      {"translation", "Sentences of a small grammar, word by word, and the same in a made-up language",
       "made here; entropy of the answer 0", factory<Translation>},
      {"xor", "Points of a square whose class is the sign of x y; no linear classifier beats chance",
       "Minsky & Papert (1969)", factory<Xor>},
  };
}

static core::Table<Entry>& table() {
  static core::Table<Entry> table("data source", own());
  return table;
}

const core::Table<Entry>& all() { return table(); }

void add(const Entry& entry) { table().put(entry); }

bool in_unit_range(const Dataset& data) {
  const torch::Tensor& rows = data.inputs();
  return rows.scalar_type() == torch::kUInt8 || data.size() == 0 ||
         (rows.min().item<double>() >= 0 && rows.max().item<double>() <= 1);
}

core::TaggedSection Options::tagged() {
  const auto choose = [this](const std::string& wanted, const std::string& where) {
    factory = all().at(wanted, where).factory();
    name = wanted;
  };
  const auto fields = [this](core::Fields& f) {
    f.add(
        "batch_size", batch_size,
        "Rows in a batch; those too few for one at the end of a pass are left out of it, others in each pass",
        {.min = 1, .unit = "rows"});
    f.choice("permute", permute,
             "A control with nothing left to learn: in what is learned and chosen by, permute the labels, or "
             "each input column on its own",
             {"none", "labels", "columns"});
    f.formerly("permute", "scramble");
    f.add("labelled", labelled,
          "How many of the rows to learn from tell their labels, as many of every class; null: all",
          {.min = 1, .unit = "rows"});
    resolutions.fields(f);
    if (factory.fields) factory.fields(f);
  };
  return {"name", &name, choose, fields};
}

static void permute_labels(Dataset& set) {
  core::check(set.targets().defined(), "data.permute: labels needs data with labels");
  set.rows.set(column::targets,
               set.targets().index_select(0, shuffled(set.size(), core::mix(0, {"scramble"}))));
}

static void permute_columns(Dataset& set) {
  core::check(!set.rows.find(column::sides),
              "data.permute: columns of pictures of several sizes are no columns; expected labels or none");
  const torch::Tensor columns = set.inputs().flatten(1).t().contiguous();  // [D, M]
  for (int64_t d = 0; d < columns.size(0); ++d)
    columns[d].copy_(columns[d].index_select(0, shuffled(set.size(), core::mix(0, {"scramble", d}))));
  set.rows.set(column::inputs, columns.t().contiguous().view(set.inputs().sizes()));
}

static void permute_rows(Data& data, const std::string& what) {
  core::check(!data.endless,
              "data.permute: rows that are drawn without end cannot be permuted; expected none");
  for (Dataset* set : {&data.train, &data.valid})  // true labels to choose by would be something to learn
    if (what == "labels")
      permute_labels(*set);
    else
      permute_columns(*set);
}

// Afterwards `train` holds the labelled rows alone.
static void keep_labels(Data& data, int64_t rows) {
  core::check(data.train.targets().defined(), "data.labelled: needs data with labels");
  core::check(rows <= data.train.size(),
              "data.labelled: expected at most the {} rows to learn from, found {}", data.train.size(), rows);
  data.unlabelled = data.train;
  data.unlabelled.rows.set(column::targets, {});
  data.train = train_valid_split(data.train, rows, core::mix(0, {"labelled"})).valid;
}

Data Options::load() const {
  core::check(!name.empty(), "data: missing; choose one of {}", fmt::join(all().names(), ", "));
  Data data = factory.make();
  resolutions.apply(data);
  if (permute != "none") permute_rows(data, permute);
  if (labelled) keep_labels(data, *labelled);
  return data;
}

}  // namespace training::data
