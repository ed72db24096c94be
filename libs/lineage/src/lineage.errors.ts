import { AppError } from '#kernel';

/** Only what a person has written can be taken away by one; what was read goes when its text does. */
export class EdgeNotManual extends AppError {
  readonly code = 'EDGE_NOT_MANUAL';

  constructor(id: string) {
    super(
      'This edge was read from a script or a declaration, so it goes when that does. Only manual edges can be removed.',
      { id },
    );
  }
}

/** An edge joins two columns, or two datasets. */
export class EndsDoNotMatch extends AppError {
  readonly code = 'ENDS_DO_NOT_MATCH';

  constructor() {
    super(
      'An edge leads from a column to a column, from a dataset to a dataset or, when it is indirect, from a column to a dataset.',
      {},
      ['to'],
    );
  }
}

/** The same person or another one has said so before. */
export class EdgeAlreadyThere extends AppError {
  readonly code = 'EDGE_ALREADY_THERE';

  constructor() {
    super('This manual edge is there already.');
  }
}

/** The next page of an answer is asked for, but the answer is another one by now. */
export class LineageMoved extends AppError {
  readonly code = 'LINEAGE_MOVED';

  constructor() {
    super(
      'The lineage has changed since the page before, so this page would not fit it. Ask for the first page again, or for one state of it with "knownAt".',
      {},
      ['after'],
    );
  }
}
