export const overview = {
  title: 'Overview',
  storage: 'Storage',
  traffic: 'Traffic out',
  public: 'Public',
  private: 'Private',
  otherInstances: 'All others',
  range: 'Range',
  days: '{n} days',
} as const
