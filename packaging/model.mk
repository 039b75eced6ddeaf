# The model of the finder of unknown people (config/strangers.model) is in the tree; `make model data=FOLDER` makes it again, to the same
# bytes. FOLDER holds gaz.tsv and the marked texts *_train.jsonl, btc_*.jsonl. Casework is invented by tests/corpus.
data ?= ../shared/tagger/data
MODEL := config/strangers.model
M := build/model
CASEWORK_SEEDS := 8101 8102
# The same bits everywhere: no contraction of a product and a sum into one step.
$(O)/redact/tag_%.o $(O)/redact/tagger.o: CFLAGS += -ffp-contract=off

casefile-train_objects := base/err base/mem base/buf base/text base/log base/clock base/file \
    redact/tag_model redact/tag_text redact/tag_features redact/tag_train daemon/train_main
casefile-train_libs := jansson
$(eval $(call program_rule,casefile-train))

$(M)/set-%/gold.jsonl:
	@mkdir -p $(M)
	$(Q)$(PYTHON) tests/corpus/make_corpus.py --seed $* --children 1000 --documents 300 --forms pdf --out $(@D) > $(M)/set-$*.log
$(M)/casework.jsonl: $(CASEWORK_SEEDS:%=$(M)/set-%/gold.jsonl) packaging/model/casework.py
	$(Q)$(PYTHON) packaging/model/casework.py $@ $(data)/gaz.tsv 1 $(filter %.jsonl,$^)
$(M)/voices.jsonl: packaging/model/voices.py packaging/model/voices.txt
	$(Q)$(PYTHON) packaging/model/voices.py $@ $(data)/gaz.tsv 1 packaging/model/voices.txt

.PHONY: model model-check
model: $(O)/bin/casefile-train $(M)/casework.jsonl $(M)/voices.jsonl
	$(O)/bin/casefile-train $(MODEL) $(data)/gaz.tsv $(data)/tab_train.jsonl:3 $(data)/wnut_train.jsonl $(wildcard $(data)/btc_*.jsonl) \
	    $(M)/casework.jsonl $(M)/voices.jsonl
