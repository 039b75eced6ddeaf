#include "daemon/finding.h"

#include "base/mem.h"
#include "daemon/program.h"

#include <stdlib.h>

int finding_load(const struct settings *settings, struct finding *ret) {
    float flag = (float)settings->flag_bias, look = (float)settings->look_bias;
    *ret = (struct finding){.flag_bias = flag, .flag_bias_alone = (float)settings->flag_bias_alone, .look_bias = look};
    char *folder = program_rules_folder(settings), *model = mem_print("%s/strangers.model", folder);
    int err = rules_load(folder, &ret->rules);
    if (!err)
        err = fact_lists_load(folder, &ret->facts);
    if (!err)
        err = name_lists_load(folder, &ret->lists);
    if (!err)
        err = tag_model_open(model, &ret->model);
    free(model);
    free(folder);
    return err;
}

void finding_drop(struct finding *finding) {
    rules_drop(&finding->rules);
    fact_lists_drop(&finding->facts);
    name_lists_drop(&finding->lists);
    tag_model_drop(&finding->model);
}

struct finder *finding_finder(const struct finding *finding, const struct people *people, int64_t subject_id) {
    struct finder *finder = finder_new(people, finding->rules, subject_id);
    float flag = finding->everything ? finding->flag_bias_alone : finding->flag_bias;
    float look = finding->look_bias < flag ? flag : finding->look_bias;
    finder_equip(finder, &(struct finder_aids){finding->model, flag, look, finding->facts, finding->lists, finding->requester, finding->everything});
    return finder;
}
